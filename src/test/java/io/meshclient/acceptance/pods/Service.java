package io.meshclient.acceptance.pods;

/** One of the examples' services in a pod of that name. */
record Service(String pod, String app, String version) {
  static final Service WEB = new Service("web", "web", "v1");
  static final Service ORDER_V1 = new Service("order-service-v1", "order-service", "v1");
  static final Service ORDER_V2 = new Service("order-service-v2", "order-service", "v2");
  static final Service PAYMENT = new Service("payment-service", "payment-service", "v1");
}
