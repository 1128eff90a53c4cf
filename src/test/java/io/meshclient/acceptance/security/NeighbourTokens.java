package io.meshclient.acceptance.security;

import com.google.gson.Gson;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.meshclient.acceptance.backend.Header;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes RequestAuthentications, and tokens that come close to what they ask for. */
final class NeighbourTokens {

  private static final List<String> CLAIMS =
      List.of(
          "{'role': 'admin', 'aud': 'pay', 'azp': 'app'}",
          "{'role': ['user', 'admin'], 'aud': ['x', 'pay']}",
          "{'role': 1, 'scope': 'read write', 'words': 'one two'}",
          "{'role': true, 'scope': ['read', 'a b'], 'words': ['one two']}",
          "{'role': ['admin', 1, ['admin']], 'o': {'k': 'v'}}",
          "{'role': [['admin']], 'o': {'k': ['v', 'w']}}",
          "{'role': null, 'o': 'v', 'aud': []}",
          "{'role': '', 'o': {'k': {'v': 1}}, 'aud': ''}",
          "{'sub': 'bob', 'aud': 'https://pay/', 'azp': ['app']}",
          "{'sub': null, 'role': 'Admin', 'aud': 'Pay'}",
          "{'sub': 'al/ice', 'role': 'adm in', 'scope': ' read  write '}",
          "{'sub': '', 'role': {'admin': 'admin'}}",
          "{'sub': 7}",
          "{'exp': 1}",
          "{'nbf': 4000000000}",
          "{'exp': '4000000000'}",
          "{'exp': 4000000000.5}",
          "{'iss': null}",
          "{'iss': 'other.test'}",
          "{'iss': 'issuer.test/'}",
          "{'iat': 4000000000}",
          "{'aud': 5}",
          "{'o': {'k': 1.5}, 'level': 1.5, 'big': 12345678901, 'yes': true}");

  private static final List<Map<String, Object>> RULES =
      List.of(
          Map.of(),
          Map.of(),
          Map.of("audiences", List.of("pay")),
          Map.of("audiences", List.of("https://pay", "Pay/")),
          Map.of("fromHeaders", List.of(Map.of("name", "x-t", "prefix", "Token "))),
          Map.of("fromHeaders", List.of(Map.of("name", "x-t"))),
          Map.of("fromParams", List.of("t")),
          Map.of("fromCookies", List.of("t")),
          Map.of("forwardOriginalToken", true),
          Map.of("fromHeaders", List.of(Map.of("name", "x-t")), "fromParams", List.of("t")),
          Map.of("fromParams", List.of("t"), "forwardOriginalToken", true),
          Map.of("spaceDelimitedClaims", List.of("words")),
          Map.of("outputPayloadToHeader", "x-payload"),
          Map.of(
              "outputClaimToHeaders",
              List.of(
                  Map.of("header", "x-role", "claim", "role"),
                  Map.of("header", "x-k", "claim", "o.k"),
                  Map.of("header", "x-o", "claim", "o"),
                  Map.of("header", "x-aud", "claim", "aud"),
                  Map.of("header", "x-level", "claim", "level"),
                  Map.of("header", "x-big", "claim", "big"),
                  Map.of("header", "x-yes", "claim", "yes"),
                  Map.of("header", "x-a", "claim", "sub"))));

  private final RSAKey first;
  private final RSAKey second;

  NeighbourTokens() {
    try {
      first = new RSAKeyGenerator(2048).keyID("k1").generate();
      second = new RSAKeyGenerator(2048).keyID("k2").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A RequestAuthentication of one issuer or two. */
  Map<String, Object> authentication(Draw draw) {
    List<Object> rules = new ArrayList<>();
    rules.add(rule("issuer.test", first, draw));
    if (draw.chance(0.3)) {
      rules.add(rule("https://second.test/x", second, draw));
    }
    return Map.of(
        "apiVersion",
        "security.istio.io/v1",
        "kind",
        "RequestAuthentication",
        "metadata",
        Map.of("name", "jwt", "namespace", "production"),
        "spec",
        Map.of("jwtRules", rules));
  }

  private static Map<String, Object> rule(String issuer, RSAKey key, Draw draw) {
    Map<String, Object> rule = new LinkedHashMap<>(draw.of(RULES));
    rule.put("issuer", issuer);
    rule.put("jwks", "{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}");
    return rule;
  }

  /** Puts a token, or what looks like one, in one of the places; gives the new target. */
  String place(List<Header> headers, String target, Draw draw) {
    String token = draw.chance(0.9) ? token(draw) : draw.of(List.of("", "a.b.c", "x", "a.b", ".."));
    String joint = target.contains("?") ? "&" : "?";
    switch (draw.upTo(9)) {
      case 0 -> headers.add(new Header("x-t", token));
      case 1 -> headers.add(new Header("x-t", "Token " + token));
      case 2 -> headers.add(new Header("cookie", "a=1; t=" + token));
      case 3 -> headers.add(new Header("cookie", "t=\"" + token + "\""));
      case 4 -> {
        return target + joint + "t=" + token;
      }
      case 5 -> {
        return target + joint + "t=" + token + "&u=2&t=" + token;
      }
      case 6 -> headers.add(new Header("authorization", "bearer " + token));
      case 7 -> headers.add(new Header("authorization", "Bearer  " + token + " "));
      default -> headers.add(new Header("authorization", "Bearer " + token));
    }
    return target;
  }

  private String token(Draw draw) {
    boolean ofFirst = draw.chance(0.8);
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ofFirst ? "issuer.test" : "https://second.test/x");
    claims.put("sub", ofFirst ? "alice" : "bob");
    Map<?, ?> own = new Gson().fromJson(draw.of(CLAIMS), Map.class);
    own.forEach((name, value) -> claims.put((String) name, value));
    RSAKey key = draw.chance(0.93) == ofFirst ? first : second;
    return signed(new Gson().toJson(claims), key, draw);
  }

  private static String signed(String payload, RSAKey key, Draw draw) {
    try {
      JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256);
      if (draw.chance(0.7)) {
        header.keyID(draw.chance(0.9) ? key.getKeyID() : "unknown");
      }
      // Gson makes a decimal number of every number.
      String exact =
          payload.replaceAll("([0-9])\\.0([,}\\]])", "$1$2").replace("4.0E9", "4000000000");
      JWSObject token = new JWSObject(header.build(), new Payload(exact));
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
