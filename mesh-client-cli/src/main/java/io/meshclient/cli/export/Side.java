package io.meshclient.cli.export;

/** Which way requests go. */
enum Side {
  OUTBOUND,
  INBOUND
}
