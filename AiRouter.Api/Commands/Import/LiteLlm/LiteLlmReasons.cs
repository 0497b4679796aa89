using System.Collections.Frozen;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Why some of LiteLLM's settings are not imported, and what takes their place.</summary>
internal static class LiteLlmReasons
{
    private const string Store = "the store is set by ConnectionStrings__redis, where the router starts";
    private const string Telemetry = "traces go to OTEL_EXPORTER_OTLP_ENDPOINT, metrics are at /metrics";
    private const string Callbacks = "AiRouter calls nobody back; traces go to OTEL_EXPORTER_OTLP_ENDPOINT, metrics are at /metrics";
    private const string Aws = "AiRouter does not speak AWS's APIs";
    private const string Alerts = "alerts are made of the metrics";
    private const string Policies = "what is tried again is one table: docs/routing.md";
    private const string Caching = "answers are not cached";
    private const string Tools = "tools may have credentials in them: put them into parameters.defaults of the target yourself";
    private const string Groups = "limits and budgets are of keys, models and everything, not of organizations or projects";
    private const string Mcp = "AiRouter is no MCP gateway";

    public static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string>
    {
        ["environment_variables"] = "set these variables where the router starts, as far as anything still reads them",
        ["mcp_servers"] = Mcp,
        ["guardrails"] = "AiRouter has no guardrails",
        ["prompts"] = "AiRouter keeps no prompts",
        ["credential_list"] = "no deployment refers to it",
        ["credential_values"] = "no deployment refers to it",
        ["callback_settings"] = Callbacks,
        ["assistant_settings"] = "operations without a model go to defaults.backend",
        ["files_settings"] = "operations without a model go to defaults.backend",
        ["finetune_settings"] = "operations without a model go to defaults.backend",
        ["router_settings.redis_host"] = Store,
        ["router_settings.redis_port"] = Store,
        ["router_settings.redis_password"] = Store,
        ["router_settings.redis_url"] = Store,
        ["router_settings.redis_db"] = Store,
        ["router_settings.cache_kwargs"] = Store,
        ["router_settings.enable_pre_call_checks"] = "tokenizer and contextLength at a model refuse what is too long, on an exact count",
        ["router_settings.retry_policy"] = Policies,
        ["router_settings.model_group_retry_policy"] = Policies,
        ["router_settings.allowed_fails_policy"] = Policies,
        ["router_settings.retry_after"] = "retry.backoff of a model says how long is waited",
        ["router_settings.routing_strategy_args"] = "policies have settings of their own: docs/routing.md",
        ["router_settings.enable_tag_filtering"] = "AiRouter does not route by tags",
        ["litellm_params.tags"] = "AiRouter does not route by tags",
        ["content_policy_fallbacks"] = "a refusal is an answer here: nobody else is asked",
        ["litellm_settings.callbacks"] = Callbacks,
        ["litellm_settings.success_callback"] = Callbacks,
        ["litellm_settings.failure_callback"] = Callbacks,
        ["litellm_settings.service_callbacks"] = Callbacks,
        ["litellm_settings.json_logs"] = "set Logging__Console__FormatterName=json",
        ["litellm_settings.set_verbose"] = "set Logging__LogLevel__AiRouter",
        ["litellm_settings.turn_off_message_logging"] = "prompts and answers are never logged; logBodies of a key keeps them",
        ["litellm_settings.cache"] = Caching,
        ["litellm_settings.cache_params"] = Caching,
        ["litellm_settings.redact_user_api_key_info"] = Telemetry,
        ["litellm_settings.ssl_verify"] = "certificates are always checked; tls.caFile of a backend names an authority of your own",
        ["litellm_settings.force_ipv4"] = "addresses are tried as the system gives them",
        ["general_settings.alerting"] = Alerts,
        ["general_settings.alerting_threshold"] = Alerts,
        ["general_settings.alert_types"] = Alerts,
        ["general_settings.alerting_args"] = Alerts,
        ["general_settings.alert_to_webhook_url"] = Alerts,
        ["general_settings.background_health_checks"] = "backends are probed always: probe of a backend",
        ["general_settings.health_check_interval"] = "probe.interval of a backend says it (10 seconds)",
        ["general_settings.store_model_in_db"] = "with a store the configuration is kept there anyway",
        ["general_settings.database_connection_pool_limit"] = Store,
        ["general_settings.database_connection_timeout"] = Store,
        ["general_settings.allow_requests_on_db_unavailable"] = "keys are served while the store is away: store.maxStaleHours",
        ["general_settings.proxy_batch_write_at"] = "usage is written every second",
        ["general_settings.use_x_forwarded_for"] = "server.trustedProxies names the proxies that are believed",
        ["general_settings.enable_jwt_auth"] = "clients have keys; Admin can have OpenID Connect",
        ["litellm_settings.modify_params"] = "what a backend has no word for is refused, or left out: docs/dialects.md",
        ["litellm_settings.use_chat_completions_url_for_anthropic_messages"] = "Messages pass as they are where a backend speaks them, and are a chat elsewhere",
        ["litellm_settings.enable_json_schema_validation"] = "answers are not checked against schemas",
        ["general_settings.forward_client_headers_to_llm_api"] = "clients' headers are not passed on: headers of a backend are sent",
        ["model_group_settings"] = "clients' headers are not passed on: headers of a backend are sent",
        ["general_settings.pass_through_endpoints"] = "AiRouter serves the paths of the OpenAI API only",
        ["general_settings.disable_spend_logs"] = "metering says what is remembered",
        ["general_settings.maximum_spend_logs_retention_period"] = "metering.hoursKeptDays and daysKeptDays say how long usage is kept",
        ["litellm_params.api_version"] = "Azure's API without versions is used (/openai/v1)",
        ["litellm_params.aws_access_key_id"] = Aws,
        ["litellm_params.aws_secret_access_key"] = Aws,
        ["litellm_params.aws_region_name"] = Aws,
        ["litellm_params.max_budget"] = "a budget is a model's or a key's, not one target's",
        ["litellm_params.budget_duration"] = "a budget is a model's or a key's, not one target's",
        ["litellm_params.mock_response"] = "AiRouter makes no answers up",
        ["litellm_params.stream"] = "whether a backend is asked for a stream is stream of a target",
        ["litellm_params.configurable_clientside_auth_params"] = "apiKey: forward of a backend passes the client's own credential on",
        ["model_info.base_model"] = "there is no list of prices: price of a model says what it costs",
        ["model_info.team_id"] = "AiRouter has no teams: models of a key say what it may use",
        ["hidden"] = "all models that a key may use are listed",
        ["permissions"] = "operations and models of a key say what it may use",
        ["allowed_routes"] = "operations of a key say what it may use",
        ["aliases"] = "names of models are everybody's",
        ["tpm_limit_type"] = "limits are reserved before a request",
        ["rpm_limit_type"] = "limits are reserved before a request",
        ["litellm_params.tools"] = Tools,
        ["litellm_params.web_search_options"] = Tools,
        ["extra_body.tools"] = Tools,
        ["extra_body.web_search_options"] = Tools,
        ["organization_id"] = Groups,
        ["org_id"] = Groups,
        ["project_id"] = Groups,
        ["object_permission_id"] = "AiRouter is no gateway to MCP servers, vector stores or agents",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
