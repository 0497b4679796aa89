namespace AiRouter.AppHost.Topology;

/// <summary>The names, ports, paths and variables that every way of running AiRouter shares: the runner, Aspire (run and publish),
/// <c>compose.yaml</c> and the manifests in <c>deploy/</c>. Tests hold all of them to this file.</summary>
internal static class Wiring
{
    /// <summary>Resources: processes, containers, Kubernetes workloads and services.</summary>
    public static class Resources
    {
        /// <summary>The store: Redis, or the embedded one.</summary>
        public const string Redis = "redis";

        /// <summary>What generates: NVIDIA Triton, or a simulator.</summary>
        public const string Triton = "triton";

        /// <summary>The router.</summary>
        public const string Api = "api";

        /// <summary>The pages and the management API.</summary>
        public const string Admin = "admin";
    }

    /// <summary>Endpoints of resources.</summary>
    public static class Endpoints
    {
        /// <summary>Of <see cref="Resources.Api"/>, <see cref="Resources.Admin"/> and Triton's HTTP.</summary>
        public const string Http = "http";

        /// <summary>Triton's gRPC.</summary>
        public const string Grpc = "grpc";

        /// <summary>Triton's Prometheus metrics.</summary>
        public const string Metrics = "metrics";

        /// <summary>Of <see cref="Resources.Redis"/>.</summary>
        public const string Tcp = "tcp";
    }

    /// <summary>What each listens on where nobody says otherwise, in containers always.</summary>
    public static class Ports
    {
        /// <summary>The router, its metrics and health included.</summary>
        public const int Api = 3000;

        /// <summary>Admin.</summary>
        public const int Admin = 3001;

        /// <summary>The embedded store, on loopback.</summary>
        public const int EmbeddedStore = 3002;

        /// <summary>Redis in a container.</summary>
        public const int Redis = 6379;

        /// <summary>Redis in a container of run mode, on loopback of its host. It goes on when a run ends, so it is not
        /// <see cref="EmbeddedStore"/>.</summary>
        public const int RedisOfRun = 3003;

        /// <summary>Triton's HTTP: health and the model repository.</summary>
        public const int TritonHttp = 8000;

        /// <summary>Triton's gRPC, also the simulator's.</summary>
        public const int TritonGrpc = 8001;

        /// <summary>Triton's metrics.</summary>
        public const int TritonMetrics = 8002;
    }

    /// <summary>What probes ask.</summary>
    public static class Paths
    {
        /// <summary>The process answers.</summary>
        public const string Live = "/health/live";

        /// <summary>It wants requests (R30).</summary>
        public const string Ready = "/health/ready";

        /// <summary>Triton, over HTTP: all its models are loaded.</summary>
        public const string TritonReady = "/v2/health/ready";

        /// <summary>Triton, over HTTP: the process answers.</summary>
        public const string TritonLive = "/v2/health/live";

        /// <summary>Prometheus text.</summary>
        public const string Metrics = "/metrics";

        /// <summary>Where the router is an OpenAI API.</summary>
        public const string OpenAi = "/v1";

        /// <summary>Admin's management API.</summary>
        public const string ManagementApi = "/api/v1";

        /// <summary>Admin's page for trying models.</summary>
        public const string Playground = "/playground";
    }

    /// <summary>Where things lie in containers, whose root file system is read-only.</summary>
    public static class Folders
    {
        /// <summary>The configuration and prompt formats: read.</summary>
        public const string Configuration = "/config";

        /// <summary>The one writable folder (R36).</summary>
        public const string Data = "/data";

        /// <summary>Files that <c>file:</c> references may name (R6).</summary>
        public const string Secrets = "/secrets";

        /// <summary>Triton's model repository.</summary>
        public const string Models = "/models";
    }

    /// <summary>Container images of ours.</summary>
    public static class Images
    {
        /// <summary>The router.</summary>
        public const string Api = "airouter-api";

        /// <summary>Admin.</summary>
        public const string Admin = "airouter-admin";

        /// <summary>The simulated Triton.</summary>
        public const string Simulator = "airouter-simulator";

        /// <summary>Where NVIDIA's image is.</summary>
        public const string TritonRegistry = "nvcr.io";

        /// <summary>NVIDIA's Triton.</summary>
        public const string Triton = "nvidia/tritonserver";

        /// <summary>With TensorRT-LLM; <c>26.07-vllm-python-py3</c> has vLLM.</summary>
        public const string TritonTag = "26.07-trtllm-python-py3";

        /// <summary>What NVIDIA's image runs, with the models in <see cref="Folders.Models"/>.</summary>
        public const string TritonCommand = "tritonserver";

        /// <summary>The user that they run as: <c>app</c> of .NET's own images.</summary>
        public const int User = 1654;
    }

    /// <summary>Environment variables of our processes.</summary>
    public static class Variables
    {
        /// <summary>The configuration file.</summary>
        public const string Config = "AIROUTER_CONFIG";

        /// <summary>Whether that file is only what the store begins with (<c>seed</c>) or rules it (<c>gitops</c>).</summary>
        public const string ConfigMode = "AIROUTER_CONFIG_MODE";

        /// <summary>The one writable folder.</summary>
        public const string Data = "AIROUTER_DATA";

        /// <summary>The folder that <c>file:</c> references may name.</summary>
        public const string SecretsFolder = "AIROUTER_SECRETS_DIR";

        /// <summary>The key of the first admin.</summary>
        public const string AdminKey = "AIROUTER_ADMIN_KEY";

        /// <summary>What credentials in the store are encrypted with.</summary>
        public const string EncryptionKey = "AIROUTER_ENCRYPTION_KEY";

        /// <summary>Folders of prompt formats, instead of the one beside the configuration.</summary>
        public const string PromptFormats = "AIROUTER_PROMPT_FORMATS";

        /// <summary>The names by which Admin is reached on a port of this machine.</summary>
        public const string AdminHosts = "AIROUTER_ADMIN_HOSTS";

        /// <summary>The address that clients use, for Admin's examples to copy.</summary>
        public const string PublicUrl = "AIROUTER_PUBLIC_URL";

        /// <summary>Seconds that requests under way may take to end; where it is set, whoever stops the process waits longer.</summary>
        public const string DrainSeconds = "AIROUTER__SERVER__DRAINSECONDS";

        /// <summary>All bodies in memory, less than a container may have.</summary>
        public const string MaxBufferedMiB = "AIROUTER__SERVER__MAXBUFFEREDMIB";

        /// <summary>Who needs a key (R1): published forms say <c>required</c>.</summary>
        public const string Authentication = "AIROUTER__SERVER__AUTHENTICATION";

        /// <summary>The whole configuration, before any file.</summary>
        public const string ConfigText = "AIROUTER_CONFIG_YAML";

        /// <summary>Whether health and metrics ask for a key too (R4).</summary>
        public const string ProtectTelemetry = "AIROUTER__SERVER__PROTECTTELEMETRY";

        /// <summary>The store.</summary>
        public const string Redis = "ConnectionStrings__redis";

        /// <summary>Triton's gRPC address, as service discovery reads it: <c>http://_grpc.triton</c> in a configuration.</summary>
        public const string TritonGrpc = "services__triton__grpc__0";

        /// <summary>The router's address for Admin's playground.</summary>
        public const string ApiHttp = "services__api__http__0";

        /// <summary>The address of the backend <c>triton</c> in the sample configuration.</summary>
        public const string TritonBackendUrl = "AIROUTER__BACKENDS__TRITON__URL";

        /// <summary>Where our processes listen.</summary>
        public const string Urls = "ASPNETCORE_URLS";

        /// <summary>The embedded store's port.</summary>
        public const string EmbeddedStorePort = "AIROUTER_REDIS_PORT";

        /// <summary>The embedded store's password.</summary>
        public const string EmbeddedStorePassword = "AIROUTER_REDIS_PASSWORD";

        /// <summary>The simulator's port for HTTP, as Triton has one.</summary>
        public const string SimulatorHttp = "SIM__HttpPort";

        /// <summary>The simulator's port for metrics.</summary>
        public const string SimulatorMetrics = "SIM__MetricsPort";

        /// <summary>The collector of telemetry.</summary>
        public const string Otlp = "OTEL_EXPORTER_OTLP_ENDPOINT";
    }

    /// <summary>What <see cref="Variables.ConfigMode"/> may say.</summary>
    public static class ConfigModes
    {
        /// <summary>The file is what the store began with.</summary>
        public const string Seed = "seed";

        /// <summary>The file rules, and the store follows it.</summary>
        public const string GitOps = "gitops";
    }
}
