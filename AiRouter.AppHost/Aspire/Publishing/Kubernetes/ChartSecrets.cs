using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>
/// One Secret for everybody, of the chart's or of the user's, in which each secret is given once: the same as in
/// <c>deploy/kubernetes</c>. Aspire makes one Secret for each consumer, with values of its own for each, all empty and none required.
/// </summary>
/// <param name="existing">The name of a Secret that exists already; null: the chart makes one.</param>
/// <param name="hasRedis">Whether the chart has a Redis, whose password then is one of the secrets.</param>
internal sealed class ChartSecrets(string? existing, bool hasRedis)
{
    /// <summary>The password of the chart's own Redis, as Aspire's Redis container reads it.</summary>
    public const string RedisPassword = "REDIS_PASSWORD";

    private const string OwnName = "airouter";

    private string Name => existing ?? OwnName;

    /// <summary>Makes the values of the chart's own Secret known, each once. An existing one needs none.</summary>
    public void Declare(PublishedRouter router)
    {
        if (existing is not null)
        {
            router.Redis?.WithEnvironment(static context => context.EnvironmentVariables.Remove(RedisPassword));
            return;
        }

        router.Admin
            .WithEnvironment(Wiring.Variables.AdminKey, router.Secrets.AdminKey)
            .WithEnvironment(Wiring.Variables.EncryptionKey, router.Secrets.EncryptionKey);
        if (router.Secrets.RedisConnection is { } connection)
        {
            router.Admin.WithEnvironment(Wiring.Variables.Redis, connection);
        }
    }

    /// <summary>Lets a resource read those secrets that it needs, and no others.</summary>
    public void GiveTo(KubernetesResource resource, params ReadOnlySpan<string> variables)
    {
        resource.Secret = null;
        var container = resource.Pod().Container();
        container.EnvFrom.RemoveAll(static source => source.SecretRef is not null);
        foreach (var variable in variables)
        {
            GiveAs(variable, variable, container);
        }
    }

    /// <summary>Gives a secret a name of the container's own.</summary>
    public void GiveAs(string variable, string key, ContainerV1 container) => container.Env.Add(new EnvVarV1
    {
        Name = variable,
        ValueFrom = new EnvVarSourceV1 { SecretKeyRef = new SecretKeySelectorV1 { Name = Name, Key = key } },
    });

    /// <summary>The chart's own Secret, with the labels of a resource; null: the user has one.</summary>
    public Secret? Manifest(KubernetesResource labelled)
    {
        if (existing is not null)
        {
            return null;
        }

        var secret = new Secret
        {
            Metadata = { Name = OwnName, Labels = new Dictionary<string, string>(labelled.Workload!.Metadata.Labels) },
        };
        secret.Data[Wiring.Variables.AdminKey] = Encoded(Value("admin.admin_key"));
        secret.Data[Wiring.Variables.EncryptionKey] = Encoded(Value("admin.encryption_key"));
        if (hasRedis)
        {
            secret.Data[RedisPassword] = Encoded(Value("redis.redis_password"));
            secret.Data[Wiring.Variables.Redis] = Encoded(
                $"printf `{RedisWorkload.Address},password=%s` ({Value("redis.redis_password")})");
        }
        else
        {
            secret.Data[Wiring.Variables.Redis] = Encoded(Value("admin.redis_connection"));
        }

        return secret;
    }

    // Helm stops with the path of what is missing.
    private static string Value(string path) => $"required `secrets.{path} is missing` .Values.secrets.{path}";

    // In base64, because a password may have what YAML would read as something else.
    private static string Encoded(string expression) => $"{{{{ {expression} | b64enc }}}}";
}
