package io.meshclient.cli.explain;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.meshclient.istio.Problem;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.Explanation;
import io.meshclient.policy.Explanation.Answered;
import io.meshclient.policy.Explanation.Destination;
import io.meshclient.policy.Explanation.Forwarded;
import io.meshclient.policy.Explanation.Redirected;
import io.meshclient.policy.Explanation.Retries;
import io.meshclient.policy.Explanation.Share;
import io.meshclient.policy.Explanation.Step;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as docs/cli.md documents it. Written field by field, so that it stays as it is
 * when the records behind it change; a change that breaks readers is another {@link #VERSION}.
 */
final class ExplainJson {
  private static final int VERSION = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private ExplainJson() {}

  static String write(Explained explained) {
    Explanation explanation = explained.explanation();
    JsonObject json = new JsonObject();
    json.addProperty("version", VERSION);
    json.add("problems", array(explained.problems(), ExplainJson::problem));
    json.add("request", request(explained));
    json.add("workload", workload(explained));
    json.add("mesh", mesh(explained.ownership()));
    json.add("virtualHost", virtualHost(explanation));
    json.add("rules", array(explanation.steps(), ExplainJson::rule));
    json.add("excluded", array(explanation.excluded(), ExplainJson::excluded));
    Forwarded to = explained.forwarded();
    json.add("route", to == null ? JsonNull.INSTANCE : route(to, explained));
    json.add("outcome", outcome(explained));
    return GSON.toJson(json);
  }

  private static JsonObject problem(Problem problem) {
    JsonObject json = new JsonObject();
    json.addProperty("code", problem.code());
    json.addProperty("severity", problem.severity().name().toLowerCase(Locale.ROOT));
    json.add("location", location(problem.location().fileAndLine()));
    json.addProperty("message", problem.message());
    return json;
  }

  private static JsonObject request(Explained explained) {
    JsonObject json = new JsonObject();
    json.addProperty("method", explained.request().method());
    json.addProperty("url", explained.request().url().toString());
    json.addProperty("authority", explained.explanation().authority());
    json.addProperty("path", explained.explanation().path());
    JsonArray headers = new JsonArray();
    explained
        .request()
        .headers()
        .forEach(
            pair -> {
              JsonObject header = new JsonObject();
              header.addProperty("name", pair.getFirst());
              header.addProperty("value", pair.getSecond());
              headers.add(header);
            });
    json.add("headers", headers);
    return json;
  }

  private static JsonObject workload(Explained explained) {
    JsonObject labels = new JsonObject();
    new TreeMap<>(explained.labels()).forEach(labels::addProperty);
    JsonObject json = new JsonObject();
    json.addProperty("namespace", explained.namespace());
    json.add("labels", labels);
    return json;
  }

  private static JsonElement mesh(Ownership ownership) {
    if (ownership.mode() == MeshMode.NONE) {
      return JsonNull.INSTANCE;
    }
    JsonObject owners = new JsonObject();
    ownership.owners().forEach((what, owner) -> owners.addProperty(what.word(), owner.word()));
    JsonObject json = new JsonObject();
    json.addProperty("mode", ownership.mode().word());
    json.addProperty("reason", ownership.reason());
    json.add("evidence", strings(ownership.evidence()));
    json.add("owners", owners);
    return json;
  }

  private static JsonElement virtualHost(Explanation explanation) {
    if (explanation.virtualHost() == null) {
      return JsonNull.INSTANCE;
    }
    JsonObject json = new JsonObject();
    json.addProperty("name", explanation.virtualHost());
    json.addProperty("matched", explanation.domain());
    json.add("names", strings(explanation.domains()));
    return json;
  }

  private static JsonObject rule(Step step) {
    JsonObject json = place(step);
    json.addProperty("condition", step.condition());
    json.addProperty("matched", step.matched());
    json.addProperty("reason", step.reason());
    return json;
  }

  private static JsonObject excluded(Step step) {
    JsonObject json = place(step);
    json.addProperty("reason", step.reason());
    return json;
  }

  private static JsonObject place(Step step) {
    JsonObject json = new JsonObject();
    json.addProperty("resource", step.rule());
    json.addProperty("path", step.path());
    json.add("location", location(step.location()));
    json.addProperty("name", step.name());
    return json;
  }

  private static JsonObject route(Forwarded to, Explained explained) {
    JsonObject json = new JsonObject();
    json.addProperty("draw", to.draw());
    json.addProperty("drawGiven", explained.drawGiven());
    json.add("split", array(to.shares(), ExplainJson::share));
    json.add("requestHeaders", strings(to.requestHeaders()));
    json.add("responseHeaders", strings(to.responseHeaders()));
    json.addProperty("path", to.path());
    json.addProperty("host", to.host());
    json.add("cluster", cluster(to, explained));
    json.addProperty("timeoutMillis", to.timeoutMillis());
    json.add("retries", retries(to.retries()));
    json.add("faults", strings(to.faults()));
    json.add("mirrors", strings(to.mirrors()));
    return json;
  }

  private static JsonObject share(Share share) {
    JsonObject json = new JsonObject();
    json.addProperty("cluster", share.cluster());
    json.addProperty("subset", share.subset());
    json.addProperty("from", share.from());
    json.addProperty("to", share.to());
    json.addProperty("picked", share.picked());
    return json;
  }

  private static JsonObject cluster(Forwarded to, Explained explained) {
    JsonObject json = new JsonObject();
    Destination destination = to.destination();
    json.addProperty("name", destination.cluster());
    json.addProperty("service", destination.service());
    json.addProperty("subset", destination.subset());
    json.addProperty("discovery", destination.discovery().toLowerCase(Locale.ROOT));
    json.add("endpoints", strings(explained.endpoints(destination)));
    json.addProperty("balancing", destination.balancing());
    json.addProperty("protocol", destination.protocol());
    json.addProperty("connectTimeoutMillis", destination.connectTimeoutMillis());
    json.add("limits", strings(destination.limits()));
    json.add("ejection", strings(destination.ejection()));
    json.addProperty("tls", destination.tls());
    json.addProperty("settledBy", destination.settledBy());
    return json;
  }

  private static JsonObject retries(Retries retries) {
    JsonObject json = new JsonObject();
    json.addProperty("attempts", retries.attempts());
    json.add("on", strings(retries.on()));
    json.addProperty("perTryTimeoutMillis", retries.perTryTimeoutMillis());
    json.addProperty("waitMillis", retries.waitMillis());
    json.addProperty("maxWaitMillis", retries.maxWaitMillis());
    json.addProperty("otherEndpoints", retries.otherEndpoints());
    json.addProperty("otherLocalities", retries.otherLocalities());
    json.addProperty("isDefault", retries.isDefault());
    return json;
  }

  private static JsonObject outcome(Explained explained) {
    JsonObject json = new JsonObject();
    Answered answered = explained.answered();
    if (answered != null) {
      json.addProperty("kind", "answer");
      json.addProperty("status", answered.status());
      json.addProperty("body", answered.body());
      json.addProperty("why", answered.why());
      json.add("responseHeaders", strings(answered.responseHeaders()));
    } else if (explained.explanation().outcome() instanceof Redirected redirected) {
      json.addProperty("kind", "redirect");
      json.addProperty("status", redirected.status());
      json.addProperty("location", redirected.location());
      json.add("responseHeaders", strings(redirected.responseHeaders()));
    } else {
      json.addProperty("kind", "forward");
    }
    return json;
  }

  private static JsonElement location(String fileAndLine) {
    return fileAndLine.equals("-") ? JsonNull.INSTANCE : new JsonPrimitive(fileAndLine);
  }

  private static JsonArray strings(List<String> values) {
    return array(values, JsonPrimitive::new);
  }

  private static <T> JsonArray array(
      List<T> values, Function<? super T, ? extends @Nullable JsonElement> json) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(json.apply(value)));
    return array;
  }
}
