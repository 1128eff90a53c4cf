/**
 * The client: {@link io.meshclient.MeshClient}, its builder, the {@link io.meshclient.Decision} it
 * makes for each call, and the pipeline of stages that every call goes through. This package alone
 * knows OkHttp.
 */
@NullMarked
package io.meshclient;

import org.jspecify.annotations.NullMarked;
