package com.example;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration
@ImportHttpServices(
    group = "orders",
    types = Orders.class,
    clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
class Clients {}
