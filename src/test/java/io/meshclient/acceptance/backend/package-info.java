/**
 * Test backends on loopback ports that stand in for the conformance corpus' pods: they act as a
 * request's script says and keep every request they got.
 */
package io.meshclient.acceptance.backend;
