package io.meshclient.examples.demo;

import io.meshclient.examples.demo.Check.Result;
import io.meshclient.mesh.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whom payment-service lets in: what the guide's AuthorizationPolicies say of three callers. */
final class AuthorizationChecks {
  private static final Map<String, String> GUEST = Map.of("x-user-role", "guest");

  private final Front front;
  private final Fleet fleet;

  AuthorizationChecks(Front front, Fleet fleet) {
    this.front = front;
    this.fleet = fleet;
  }

  List<Check> all() {
    return List.of(
        new Check(
            "1 to payment-service, by order-service",
            "200",
            progress -> asked("/pay", Map.of(), 200, "")),
        new Check(
            "1 to payment-service, by web itself",
            "403, by principal",
            progress -> asked("/charge", Map.of(), 403, "principals")),
        new Check(
            "1 of a guest, by order-service",
            "403, by x-user-role",
            progress -> asked("/pay", GUEST, 403, "x-user-role")));
  }

  /**
   * @param why what the log has to say, where it is the service itself that refuses
   */
  private Result asked(String path, Map<String, String> headers, int status, String why)
      throws IOException, InterruptedException {
    Call payment = front.get(path, headers).payment();
    List<String> log = new ArrayList<>();
    if (status != 200) {
      for (String pod : List.of(Fleet.PAYMENT, Fleet.OTHER_PAYMENT)) {
        fleet.denials(pod).stream().filter(line -> line.contains(why)).forEach(log::add);
      }
    }
    int last = log.size() - 1;
    return new Result(
        payment.status() == status,
        Integer.toString(payment.status()),
        last < 0 ? List.of(payment.rule()) : List.of(log.get(last).split("; ")),
        payment.by(Capability.AUTHORIZATION));
  }
}
