package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Header;
import java.time.Duration;
import java.util.List;

/**
 * A request for a driver to send.
 *
 * @param url as the case writes it; the host is not meant to be looked up
 * @param headers all to be sent, Host among them
 * @param body null for none
 * @param timeout for all of the call
 */
record Outgoing(String method, String url, List<Header> headers, byte[] body, Duration timeout) {}
