package io.meshclient;

import java.io.IOException;

/** What endpoints do to their callers, and what they should. */
enum Misbehaviour implements RawServer.Handler {
  NONE {
    @Override
    public boolean answer(RawServer.Exchange exchange) throws IOException {
      return exchange.send(RawServer.OK);
    }
  },
  NO_ANSWER {
    @Override
    public boolean answer(RawServer.Exchange exchange) throws IOException {
      return exchange.silence();
    }
  },
  RESET_WITHIN_THE_BODY {
    @Override
    public boolean answer(RawServer.Exchange exchange) throws IOException {
      exchange.send(HALF);
      return exchange.reset();
    }
  },
  CLOSE_WITHIN_THE_BODY {
    @Override
    public boolean answer(RawServer.Exchange exchange) throws IOException {
      exchange.send(HALF);
      return false;
    }
  },
  TRICKLED_HEAD {
    @Override
    public boolean answer(RawServer.Exchange exchange) throws IOException {
      return exchange.trickle("HTTP/1.1 200 OK\r\nx-a: " + "a".repeat(4_000), 15);
    }
  },
  TRICKLED_BODY {
    @Override
    public boolean answer(RawServer.Exchange exchange) throws IOException {
      exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n");
      return exchange.trickle("a".repeat(4_000), 15);
    }
  },
  GARBAGE {
    @Override
    public boolean answer(RawServer.Exchange exchange) throws IOException {
      return exchange.send("\u0000\u0001 this is not HTTP\r\n\r\n");
    }
  };

  private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
}
