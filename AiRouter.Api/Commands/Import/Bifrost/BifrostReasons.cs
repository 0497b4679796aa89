using System.Collections.Frozen;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>Why some of Bifrost's settings are not imported, and what takes their place.</summary>
internal static class BifrostReasons
{
    private const string Store = "the store is Redis or the embedded one, set by ConnectionStrings__redis where the router starts";
    private const string Mcp = "AiRouter is no MCP gateway";
    private const string Raw = "answers have nothing but what the API says";
    private const string Groups = "budgets and limits are of keys, models and everything, not of teams";

    public static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string>
    {
        ["mcp"] = Mcp,
        ["mcp_configs"] = Mcp,
        ["plugins"] = "AiRouter has no plugins: answers are not cached; traces go to OTEL_EXPORTER_OTLP_ENDPOINT, metrics are at /metrics",
        ["vector_store"] = "answers are not cached",
        ["config_store"] = Store,
        ["logs_store"] = "metering.requestLog keeps single requests, in the store",
        ["encryption_key"] = "AIROUTER_ENCRYPTION_KEY encrypts what the management API stores",
        ["framework"] = "there is no list of prices: price of a model says what it costs",
        ["auth_config"] = "Admin is opened by AIROUTER_ADMIN_KEY",
        ["guardrails_config"] = "AiRouter has no guardrails",
        ["cluster_config"] = "routers that have one store are a cluster",
        ["load_balancer_config"] = "policy of a model says how targets are chosen",
        ["circuit_breaker_config"] = "breaker of a backend says it",
        ["audit_logs"] = "the store keeps who changed what",
        ["scim_config"] = "Admin can have OpenID Connect",
        ["source_of_truth"] = "AIROUTER_CONFIG_MODE=gitops makes the file rule",
        ["server"] = "buffers are not configured",
        ["routing_rules"] = "there are no rules: targets, priority and fallbacks of a model say who answers",
        ["pricing_overrides"] = "price of a model says what it costs",
        ["model_configs"] = "limits and budget of a model say it",
        ["governance.providers"] = "limits of backends are maxRequestsPerReplica, of models limits",
        ["budgets"] = Groups,
        ["rate_limits"] = Groups,
        ["teams"] = Groups,
        ["customers"] = Groups,
        ["business_units"] = Groups,
        ["access_profile_id"] = "models and operations of a key say what it may use",
        ["blacklisted_models"] = "models of a key say what it may use",
        ["network_config.insecure_skip_verify"] = "certificates are always checked; tls.caFile of a backend names an authority of your own",
        ["network_config.ca_cert_pem"] = "put the certificate into a file and name it with tls.caFile of the backend",
        ["network_config.retry_backoff_max"] = "the time between tries is doubled each time",
        ["network_config.allow_private_network"] = "backends may be anywhere",
        ["network_config.enforce_http2"] = "connections are HTTP/1.1, as many as are needed",
        ["network_config.keep_alive_timeout_in_seconds"] = "idle connections are closed by themselves",
        ["api_version"] = "Azure's API without versions is used (/openai/v1)",
        ["proxy_config"] = "backends are reached directly",
        ["send_back_raw_request"] = Raw,
        ["send_back_raw_response"] = Raw,
        ["store_raw_request_response"] = "logBodies of a key keeps what it asks and gets",
        ["openai_config"] = "parameters.force of a model sets store",
        ["client.enable_logging"] = "metering.requestLog keeps single requests",
        ["client.disable_content_logging"] = "prompts and answers are never logged; logBodies of a key keeps them",
        ["client.log_retention_days"] = "metering says how long usage is kept",
        ["client.drop_excess_requests"] = "queue of a model says who waits",
        ["client.initial_pool_size"] = "there is no pool",
        ["client.allow_direct_keys"] = "apiKey: forward of a backend passes the client's own credential on",
        ["client.prometheus_labels"] = "metrics have fixed labels",
        ["client.whitelisted_routes"] = "health and metrics need no key unless server.protectTelemetry says so",
        ["client.compat"] = "unsupportedParameters of a model leaves out what Triton cannot do",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
