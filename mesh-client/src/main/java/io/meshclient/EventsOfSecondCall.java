package io.meshclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Tells the listeners of a call what happens to the second call that does its work, as if it were
 * the first one's. That a call begins, ends or is cancelled they hear from the first itself.
 */
final class EventsOfSecondCall extends EventListener {
  private final Call first;
  private final EventListener listener;

  EventsOfSecondCall(Interceptor.Chain first) {
    this.first = first.call();
    this.listener = first.getEventListener();
  }

  @Override
  public void proxySelectStart(Call call, HttpUrl url) {
    listener.proxySelectStart(first, url);
  }

  @Override
  public void proxySelectEnd(Call call, HttpUrl url, List<Proxy> proxies) {
    listener.proxySelectEnd(first, url, proxies);
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    listener.dnsStart(first, domainName);
  }

  @Override
  public void dnsEnd(Call call, String domainName, List<InetAddress> addresses) {
    listener.dnsEnd(first, domainName, addresses);
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    listener.connectStart(first, address, proxy);
  }

  @Override
  public void secureConnectStart(Call call) {
    listener.secureConnectStart(first);
  }

  @Override
  public void secureConnectEnd(Call call, Handshake handshake) {
    listener.secureConnectEnd(first, handshake);
  }

  @Override
  public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, Protocol protocol) {
    listener.connectEnd(first, address, proxy, protocol);
  }

  @Override
  public void connectFailed(
      Call call, InetSocketAddress address, Proxy proxy, Protocol protocol, IOException e) {
    listener.connectFailed(first, address, proxy, protocol, e);
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    listener.connectionAcquired(first, connection);
  }

  @Override
  public void connectionReleased(Call call, Connection connection) {
    listener.connectionReleased(first, connection);
  }

  @Override
  public void requestHeadersStart(Call call) {
    listener.requestHeadersStart(first);
  }

  @Override
  public void requestHeadersEnd(Call call, Request request) {
    listener.requestHeadersEnd(first, request);
  }

  @Override
  public void requestBodyStart(Call call) {
    listener.requestBodyStart(first);
  }

  @Override
  public void requestBodyEnd(Call call, long byteCount) {
    listener.requestBodyEnd(first, byteCount);
  }

  @Override
  public void requestFailed(Call call, IOException e) {
    listener.requestFailed(first, e);
  }

  @Override
  public void responseHeadersStart(Call call) {
    listener.responseHeadersStart(first);
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    listener.responseHeadersEnd(first, response);
  }

  @Override
  public void responseBodyStart(Call call) {
    listener.responseBodyStart(first);
  }

  @Override
  public void responseBodyEnd(Call call, long byteCount) {
    listener.responseBodyEnd(first, byteCount);
  }

  @Override
  public void responseFailed(Call call, IOException e) {
    listener.responseFailed(first, e);
  }

  @Override
  public void satisfactionFailure(Call call, Response response) {
    listener.satisfactionFailure(first, response);
  }

  @Override
  public void cacheHit(Call call, Response response) {
    listener.cacheHit(first, response);
  }

  @Override
  public void cacheMiss(Call call) {
    listener.cacheMiss(first);
  }

  @Override
  public void cacheConditionalHit(Call call, Response cached) {
    listener.cacheConditionalHit(first, cached);
  }

  @Override
  public void retryDecision(Call call, IOException e, boolean retry) {
    listener.retryDecision(first, e, retry);
  }

  @Override
  public void followUpDecision(Call call, Response response, Request next) {
    listener.followUpDecision(first, response, next);
  }
}
