namespace AiRouter.Api.Telemetry;

/// <summary>
/// Every metric, span and attribute name, in one place. OpenTelemetry's GenAI conventions (semantic-conventions-genai,
/// status Development) where they have a name, our own under <c>airouter.</c> else.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The meter and the activity source.</summary>
    public const string Source = "AiRouter";

    /// <summary>Seconds from request to end of the answer.</summary>
    public const string RequestDuration = "gen_ai.server.request.duration";

    /// <summary>Seconds from request to the first token sent to the client (streams).</summary>
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";

    /// <summary>Seconds per token of a stream, after the first.</summary>
    public const string TimePerOutputToken = "gen_ai.server.time_per_output_token";

    /// <summary>Seconds of one attempt at a backend.</summary>
    public const string AttemptDuration = "gen_ai.client.operation.duration";

    /// <summary>Tokens of a request by type (input, output).</summary>
    public const string TokenUsage = "gen_ai.client.token.usage";

    /// <summary>Input tokens that came from backends' caches.</summary>
    public const string CachedTokens = "airouter.tokens.cached";

    /// <summary>Requests under way.</summary>
    public const string ActiveRequests = "airouter.requests.active";

    /// <summary>Failures by cause.</summary>
    public const string Errors = "airouter.errors";

    /// <summary>1 while the store answers, else 0.</summary>
    public const string StoreUp = "airouter.store.up";

    /// <summary>Seconds of one call to the store.</summary>
    public const string StoreDuration = "airouter.store.duration";

    /// <summary>When the configuration that is served came into force, in seconds since 1970.</summary>
    public const string ConfigurationApplied = "airouter.configuration.applied";

    /// <summary>The stored version of the configuration that is served; 0: it is not the store's.</summary>
    public const string ConfigurationVersion = "airouter.configuration.version";

    /// <summary>Problems of the newest configuration, which is therefore not served.</summary>
    public const string ConfigurationProblems = "airouter.configuration.problems";

    /// <summary>Seconds since the store last confirmed the router's own copy of the configuration.</summary>
    public const string SnapshotAge = "airouter.snapshot.age";

    /// <summary>What requests cost at their models' prices.</summary>
    public const string Cost = "airouter.cost";

    /// <summary>Usage records that were dropped because too much waited for the store.</summary>
    public const string UsageDropped = "airouter.usage.dropped";

    /// <summary>Combinations of hour, key, model and backend whose usage waits for the store.</summary>
    public const string UsageWaiting = "airouter.usage.waiting";

    /// <summary>Combinations counted as <c>(other)</c> because an hour or a day had too many.</summary>
    public const string UsageOther = "airouter.usage.other";

    /// <summary>Entries of the request log that were never written.</summary>
    public const string RequestLogDropped = "airouter.request_log.dropped";

    /// <summary>Owners of objects that the store was not told, because it was away too long.</summary>
    public const string ObjectsDropped = "airouter.objects.dropped";

    /// <summary>Requests refused for a limit.</summary>
    public const string LimitRefusals = "airouter.limits.refused";

    /// <summary>Requests decided by this replica alone, while the store was away.</summary>
    public const string UnsharedAdmissions = "airouter.limits.unshared";

    /// <summary>Seconds that the ledger of limits took.</summary>
    public const string LedgerDuration = "airouter.limits.ledger.duration";

    /// <summary>Settlements that wait for the store.</summary>
    public const string SettlementsWaiting = "airouter.limits.settlements.waiting";

    /// <summary>Settlements that were given up.</summary>
    public const string SettlementsDropped = "airouter.limits.settlements.dropped";

    /// <summary>Requests that wait for a place at their model.</summary>
    public const string QueueWaiting = "airouter.queue.waiting";

    /// <summary>Places of a model that are taken.</summary>
    public const string QueueRunning = "airouter.queue.running";

    /// <summary>Seconds that requests waited for a place.</summary>
    public const string QueueWait = "airouter.queue.wait";

    /// <summary>Requests that got no place.</summary>
    public const string QueueRefusals = "airouter.queue.refused";

    /// <summary>Requests tried again, by what had failed.</summary>
    public const string Retries = "airouter.retries";

    /// <summary>Requests that were not tried again because the model's retry budget was used up.</summary>
    public const string RetriesRefused = "airouter.retries.refused";

    /// <summary>Requests that went on to another model, by why.</summary>
    public const string Fallbacks = "airouter.fallbacks";

    /// <summary>1 while requests are sent to a target, else 0.</summary>
    public const string TargetUsable = "airouter.target.usable";

    /// <summary>0 while a target's breaker is closed, 1 half open, 2 open.</summary>
    public const string TargetBreaker = "airouter.target.breaker";

    /// <summary>Requests under way at a target.</summary>
    public const string TargetActiveRequests = "airouter.target.requests.active";

    /// <summary>Times that a target was left alone because its requests failed.</summary>
    public const string BreakerOpened = "airouter.target.opened";

    /// <summary>Times that a target was left alone because it answered 429.</summary>
    public const string TargetCoolDowns = "airouter.target.cool_downs";

    /// <summary>Models of a Triton whose configuration is kept.</summary>
    public const string ModelConfigsKnown = "airouter.triton.model_configs.known";

    /// <summary>Times that the configuration of a model was needed, by whether it was kept.</summary>
    public const string ModelConfigLookups = "airouter.triton.model_configs.lookups";

    /// <summary>Times that a Triton was asked for the configuration of a model and gave none.</summary>
    public const string ModelConfigFailures = "airouter.triton.model_configs.failures";

    /// <summary>Probes of backends.</summary>
    public const string Probes = "airouter.probes";

    /// <summary>Attributes.</summary>
    public static class Attributes
    {
        /// <summary>Why a request was tried again: NotSent, Refused, Reset, Timeout; or went to another model: Failure, ContextLength.</summary>
        public const string RetryReason = "airouter.retry.reason";

        /// <summary>Attempts at backends, on spans.</summary>
        public const string Attempts = "airouter.attempts";

        /// <summary>The operation.</summary>
        public const string Operation = "gen_ai.operation.name";

        /// <summary>The public model name or pattern of the configuration (bounded), never what a client made up.</summary>
        public const string Model = "gen_ai.request.model";

        /// <summary>input or output.</summary>
        public const string TokenType = "gen_ai.token.type";

        /// <summary>Prompt tokens, on spans.</summary>
        public const string InputTokens = "gen_ai.usage.input_tokens";

        /// <summary>Completion tokens, on spans.</summary>
        public const string OutputTokens = "gen_ai.usage.output_tokens";

        /// <summary>The cause of a failure.</summary>
        public const string ErrorType = "error.type";

        /// <summary>The backend's name in the configuration.</summary>
        public const string Backend = "airouter.backend";

        /// <summary>Whose protocol the backend speaks, or who it is.</summary>
        public const string Provider = "gen_ai.provider.name";

        /// <summary>true: what was looked up was kept.</summary>
        public const string CacheHit = "airouter.cache.hit";

        /// <summary>What the store was asked: a script by its name, get or publish.</summary>
        public const string StoreCall = "airouter.store.call";

        /// <summary>The model's name at the backend, as configured.</summary>
        public const string BackendModel = "airouter.backend.model";

        /// <summary>Why a target was left alone: FailedInARow, FailedTooOften, FailedAgain, FailedOnReturn.</summary>
        public const string Reason = "airouter.target.reason";

        /// <summary>What a probe found: Well, Unreachable, TimedOut, ServerError, NotReady, Misconfigured.</summary>
        public const string ProbeFinding = "airouter.probe.finding";

        /// <summary>Which limit: Requests, Tokens, Concurrent, Budget.</summary>
        public const string LimitKind = "airouter.limit.kind";

        /// <summary>Whose limit: Global, Key, Model, KeyModel.</summary>
        public const string LimitScope = "airouter.limit.scope";

        /// <summary>What the ledger was asked: reserve, settle, renew, read.</summary>
        public const string LedgerCall = "airouter.ledger.call";

        /// <summary>Whether it answered.</summary>
        public const string LedgerWorked = "airouter.ledger.worked";

        /// <summary>What was done without the store: local, open, closed.</summary>
        public const string LedgerMode = "airouter.ledger.mode";

        /// <summary>HTTP status of the answer.</summary>
        public const string Status = "http.response.status_code";
    }

    /// <summary>Attributes of spans, beside those that metrics have too.</summary>
    public static class SpanAttributes
    {
        /// <summary>The host of the backend.</summary>
        public const string ServerAddress = "server.address";

        /// <summary>The port of the backend.</summary>
        public const string ServerPort = "server.port";

        /// <summary>The name or pattern of the configuration that the request's model was found by.</summary>
        public const string ConfiguredModel = "airouter.model";

        /// <summary>The name of the client's key.</summary>
        public const string Key = "airouter.key.name";

        /// <summary>The request's id, as log and answer have it.</summary>
        public const string RequestId = "airouter.request.id";

        /// <summary>Which attempt of the request it is, from 1.</summary>
        public const string Attempt = "airouter.attempt";

        /// <summary>true: at least one of the token figures is an estimate.</summary>
        public const string IsEstimated = "airouter.usage.estimated";

        /// <summary>true: a stream.</summary>
        public const string Stream = "gen_ai.request.stream";

        /// <summary>The client's token limit.</summary>
        public const string MaxTokens = "gen_ai.request.max_tokens";

        /// <summary>As the client asked.</summary>
        public const string Temperature = "gen_ai.request.temperature";

        /// <summary>As the client asked.</summary>
        public const string TopP = "gen_ai.request.top_p";

        /// <summary>As the client asked.</summary>
        public const string TopK = "gen_ai.request.top_k";

        /// <summary>As the client asked.</summary>
        public const string PresencePenalty = "gen_ai.request.presence_penalty";

        /// <summary>As the client asked.</summary>
        public const string FrequencyPenalty = "gen_ai.request.frequency_penalty";

        /// <summary>As the client asked.</summary>
        public const string Seed = "gen_ai.request.seed";

        /// <summary>How many choices, when not 1.</summary>
        public const string ChoiceCount = "gen_ai.request.choice.count";

        /// <summary>How vectors are to be written.</summary>
        public const string EncodingFormats = "gen_ai.request.encoding_formats";

        /// <summary>How long vectors are to be.</summary>
        public const string Dimensions = "gen_ai.embeddings.dimension.count";

        /// <summary>text or json, where the client says.</summary>
        public const string OutputType = "gen_ai.output.type";

        /// <summary>The answer's id, as the backend gave it.</summary>
        public const string ResponseId = "gen_ai.response.id";

        /// <summary>The model that the backend says has answered.</summary>
        public const string ResponseModel = "gen_ai.response.model";

        /// <summary>Why each choice ended.</summary>
        public const string FinishReasons = "gen_ai.response.finish_reasons";

        /// <summary>Seconds until the first event of a stream was sent to the client: of the request, or of the attempt.</summary>
        public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";

        /// <summary>Those of the prompt tokens that came from the backend's cache.</summary>
        public const string CachedTokens = "gen_ai.usage.cache_read.input_tokens";

        /// <summary>Those of the completion tokens that were reasoning.</summary>
        public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";

        /// <summary>Content: what stands before the messages.</summary>
        public const string SystemInstructions = "gen_ai.system_instructions";

        /// <summary>Content: the messages of the request.</summary>
        public const string InputMessages = "gen_ai.input.messages";

        /// <summary>Content: the messages of the answer.</summary>
        public const string OutputMessages = "gen_ai.output.messages";

        /// <summary>Content: the tools of the request.</summary>
        public const string ToolDefinitions = "gen_ai.tool.definitions";

        /// <summary>Content: where the client wants the answer to end.</summary>
        public const string StopSequences = "gen_ai.request.stop_sequences";
    }
}
