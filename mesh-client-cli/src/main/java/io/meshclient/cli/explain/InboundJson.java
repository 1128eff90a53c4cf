package io.meshclient.cli.explain;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.meshclient.access.AccessExplanation;
import io.meshclient.access.AccessExplanation.Step;
import io.meshclient.access.AccessVerdict;
import io.meshclient.istio.Location;
import org.jspecify.annotations.Nullable;

/** The verdict on a request that comes in, as docs/cli.md documents it. */
final class InboundJson {
  private static final int VERSION = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private InboundJson() {}

  static String write(AskedInbound asked, AccessExplanation explanation) {
    AccessVerdict verdict = explanation.verdict();
    AccessVerdict.Refusal refusal = verdict.refusal();
    JsonObject json = new JsonObject();
    json.addProperty("version", VERSION);
    json.addProperty("allowed", verdict.allowed());
    json.addProperty("connectionCut", verdict.peerRefused());
    json.addProperty("status", refusal == null || verdict.peerRefused() ? null : refusal.status());
    json.addProperty("body", refusal == null ? null : refusal.body());
    json.addProperty("rule", verdict.rule());
    json.addProperty("location", location(verdict.location()));
    json.addProperty("details", verdict.details());
    json.addProperty("audited", verdict.audited());
    json.addProperty("peer", peer(asked));
    json.addProperty("port", asked.connection().port());
    json.addProperty("peerMode", explanation.peerMode().name());
    json.addProperty("requestPrincipal", verdict.requestPrincipal());
    JsonArray reasons = new JsonArray();
    verdict.reasons().forEach(reasons::add);
    json.add("reasons", reasons);
    JsonArray rules = new JsonArray();
    explanation.steps().forEach(step -> rules.add(rule(step)));
    json.add("rules", rules);
    return GSON.toJson(json);
  }

  private static @Nullable String peer(AskedInbound asked) {
    return asked.connection().peer() == null ? null : asked.connection().peer().toString();
  }

  private static JsonObject rule(Step step) {
    JsonObject json = new JsonObject();
    json.addProperty("action", step.action());
    json.addProperty("rule", step.rule());
    json.addProperty("location", location(step.location()));
    json.addProperty("matched", step.failure() == null);
    json.addProperty("failure", step.failure());
    return json;
  }

  private static @Nullable String location(@Nullable Location location) {
    return location == null ? null : location.fileAndLine();
  }
}
