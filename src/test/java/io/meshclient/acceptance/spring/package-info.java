/** Spring Boot applications, generated, built and started with the jars that users get. */
package io.meshclient.acceptance.spring;
