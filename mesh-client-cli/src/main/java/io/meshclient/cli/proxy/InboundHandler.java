package io.meshclient.cli.proxy;

import io.meshclient.access.HiddenHeaders;
import io.meshclient.access.RequestChanges;
import io.meshclient.cli.upstream.Answer;
import io.meshclient.cli.upstream.BrokenBody;
import io.meshclient.cli.upstream.Outgoing;
import io.meshclient.cli.upstream.Unsent;
import io.meshclient.cli.upstream.Upstream;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentityTls;
import io.meshclient.server.ServerPipeline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about each request, and sends on what was decided about and nothing else; all on one
 * thread. Whatever fails before the decision refuses.
 */
final class InboundHandler extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(InboundHandler.class);
  private static final int UNAVAILABLE = 503;

  private final ServerPipeline pipeline;
  private final Upstream upstream;
  private final @Nullable IdentityTls identity;
  private final HeadTimes heads;

  /**
   * @param identity the workload's; {@code null} where there is no TLS
   */
  InboundHandler(
      ServerPipeline pipeline, Upstream upstream, @Nullable IdentityTls identity, HeadTimes heads) {
    this.pipeline = pipeline;
    this.upstream = upstream;
    this.identity = identity;
    this.heads = heads;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    heads.begun(InboundExchange.endPoint(request));
    try {
      int refused = refusedBefore(request);
      if (refused != 0) {
        refuse(request, response, callback, refused);
        return true;
      }
      if (request.getHttpURI().getFragment() != null) {
        response.getHeaders().put(HttpFields.CONNECTION_CLOSE); // every policy refuses it
      }
      SSLSession session = InboundExchange.session(request);
      InboundFields fields =
          InboundFields.of(
              request.getHeaders(),
              InboundExchange.authority(request),
              session != null,
              caller(session));
      InboundExchange exchange = new InboundExchange(request, response, fields);
      pipeline.handle(exchange, changes -> forward(exchange, request, response, fields, changes));
      if (!InboundExchange.isNewest(request) && response.getStatus() != WebSocketTunnel.STATUS) {
        heads.answered(InboundExchange.endPoint(request));
      }
      callback.succeeded();
    } catch (IOException e) {
      log.debug("The request broke off: {}", request, e);
      InboundExchange.endPoint(request).close();
      callback.failed(e);
    } catch (RuntimeException e) {
      log.error("Refused, since something failed: {}", request, e);
      fail(request, response, callback, e);
    }
    return true;
  }

  /** What follows on the connection may be meant for a tunnel: Jetty itself would read it. */
  private static void refuse(Request request, Response response, Callback callback, int status) {
    boolean ends = !InboundExchange.isNewest(request);
    EndPoint endPoint = InboundExchange.endPoint(request);
    Callback last = ends ? Callback.from(callback, endPoint::shutdownOutput) : callback;
    Response.writeError(request, response, last, status);
  }

  private @Nullable String caller(@Nullable SSLSession session) throws IdentityException {
    return session == null || identity == null
        ? null
        : CallerElement.of(session, identity.identity().svid().id());
  }

  private static void fail(
      Request request, Response response, Callback callback, RuntimeException failure) {
    if (response.isCommitted()) {
      callback.failed(failure);
      return;
    }
    response.reset();
    Response.writeError(request, response, callback, 500);
  }

  /** What Envoy takes for no request at all; 0 for none of that. */
  private static int refusedBefore(Request request) {
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_2) {
      return 426;
    }
    if (HttpMethod.CONNECT.is(request.getMethod())) {
      return 403;
    }
    if (!isFramedSimply(request) || hidesOrigin(request) || !mayUpgrade(request)) {
      return 400;
    }
    String target = AnyTargets.of(request);
    boolean whole = HttpMethod.OPTIONS.is(request.getMethod()) && target.equals("*");
    return whole || target.startsWith("/") && isVisible(target) ? 0 : 400;
  }

  /**
   * HTTP/2 has no upgrades, and behind a body nobody could tell where the other protocol begins.
   */
  private static boolean mayUpgrade(Request request) {
    return !InboundFields.asksForWebSocket(request.getHeaders())
        || !InboundExchange.isNewest(request)
            && request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) <= 0
            && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  /** Whether Connection names a header that tells where the request is from. */
  private static boolean hidesOrigin(Request request) {
    return HiddenHeaders.hideOrigin(InboundFields.nominated(request.getHeaders()));
  }

  /** Any other coding than chunked would have to be undone here, or be known of there. */
  private static boolean isFramedSimply(Request request) {
    List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
    return codings.isEmpty() || codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
  }

  private static boolean isVisible(String target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private void forward(
      InboundExchange exchange,
      Request request,
      Response response,
      InboundFields fields,
      RequestChanges changes)
      throws IOException {
    String target = changes.target() == null ? exchange.target() : changes.target();
    InboundBody body = InboundBody.of(request);
    Outgoing outgoing =
        new Outgoing(
            request.getMethod(), target, fields.with(changes), body.bytes(), body.length());
    Upstream.Call call = new Upstream.Call();
    try (ClientWatch watch = new ClientWatch(InboundExchange.endPoint(request))) {
      Answer answer = answer(outgoing, call, watch);
      if (answer.upgrades()) {
        WebSocketTunnel.prepare(answer, request, response);
        return;
      }
      try (answer) {
        ForwardedAnswer.copy(answer, request, response);
      }
    } catch (Unsent e) {
      exchange.answer(400, "Bad Request");
    } catch (NoAnswer e) {
      if (call.isCancelled()) {
        throw e;
      }
      log.debug("No answer from the service: {}", request, e);
      exchange.setAnswerHeader("content-type", "text/plain");
      exchange.answer(UNAVAILABLE, e.words());
    }
  }

  private Answer answer(Outgoing outgoing, Upstream.Call call, ClientWatch watch)
      throws IOException {
    if (outgoing.body() == null) {
      watch.begin(call::cancel);
    }
    try {
      return upstream.send(outgoing, call);
    } catch (BrokenBody | Unsent e) {
      throw e;
    } catch (IOException e) {
      throw new NoAnswer(e);
    }
  }

  /** The service did not answer, in Envoy's words. */
  private static final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    NoAnswer(IOException cause) {
      super(cause);
    }

    String words() {
      return "upstream connect error or disconnect/reset before headers. reset reason: "
          + reason(getCause());
    }

    private static String reason(@Nullable Throwable cause) {
      if (cause instanceof ConnectException refused) {
        return "remote connection failure, transport failure reason: delayed connect error: "
            + (String.valueOf(refused.getMessage()).contains("refused")
                ? "Connection refused"
                : "Connection failed");
      }
      return cause instanceof ProtocolException ? "protocol error" : "connection termination";
    }
  }
}
