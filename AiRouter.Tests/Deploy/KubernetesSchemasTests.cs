namespace AiRouter.Tests.Deploy;

/// <summary>That the check of manifests finds what a cluster would refuse.</summary>
public sealed class KubernetesSchemasTests
{
    private const string Deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: api, labels: { tier: one } }
        spec:
          replicas: 2
          selector: { matchLabels: { tier: one } }
          template:
            metadata: { labels: { tier: one } }
            spec:
              containers:
                - name: api
                  image: api:1
                  livenessProbe: { httpGet: { path: /health/live, port: http, scheme: HTTP } }
                  resources: { limits: { memory: 1Gi, nvidia.com/gpu: 1 } }
                  env: [{ name: A, value: "true" }]
              volumes: [{ name: shm, emptyDir: { medium: Memory, sizeLimit: 1Gi } }, { name: all, emptyDir: {} }]
        """;

    private const string Monitor =
        """
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: { name: api }
        spec: { selector: { matchLabels: { tier: one } }, endpoints: [{ port: http, interval: 15s }] }
        """;

    // A text of the manifest, what stands there instead, and the problem that is told.
    private static readonly (string Right, string Wrong, string Problem)[] Mistakes =
    [
        ("scheme: HTTP", "scheme: http", "spec.template.spec.containers.0.livenessProbe.httpGet.scheme: enum"),
        ("replicas: 2", "replicas: two", "spec.replicas: type"),
        ("replicas: 2", "replica: 2", "spec.replica: no such field"),
        ("matchLabels", "matchLables", "spec.selector.matchLables: no such field"),
        ("image: api:1", "images: api:1", "spec.template.spec.containers.0.images: no such field"),
        ("port: http,", "", "httpGet: required {\"missingProperty\":\"port\"}"),
        ("\"true\"", "on", "spec.template.spec.containers.0.env.0.value: type"),
        ("1Gi, nvidia", "1GB, nvidia", "spec.template.spec.containers.0.resources.limits.memory: format"),
        ("emptyDir: {}", "emptyDir: { size: 1Gi }", "spec.template.spec.volumes.1.emptyDir.size: no such field"),
        ("apps/v1", "apps/v1beta9", "apiVersion: there is no schema for Deployment of apps/v1beta9"),
        ("interval: 15s", "interval: 15", "spec.endpoints.0.interval: type"),
        ("port: http, interval", "port: http, every", "spec.endpoints.0.every: no such field"),
    ];

    [Fact]
    public async Task Right_objects_have_no_problems()
    {
        await KubernetesSchemas.AssertValidAsync(Read($"{Deployment}\n---\n{Monitor}"), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Each_mistake_is_told_with_its_place()
    {
        var objects = Mistakes.Select(static mistake =>
        {
            var manifest = Deployment.Contains(mistake.Right) ? Deployment : Monitor;
            return Read(manifest.Replace(mistake.Right, mistake.Wrong), mistake.Wrong).Single();
        });

        var problems = await KubernetesSchemas.ProblemsAsync([.. objects], TestContext.Current.CancellationToken);

        Assert.All(Mistakes, mistake => Assert.Contains(
            problems,
            told => told.Contains($"({mistake.Wrong})") && told.Contains(mistake.Problem)));
    }

    [Fact]
    public void A_key_that_stands_twice_is_refused()
    {
        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => Read(Deployment.Replace("replicas: 2", "replicas: 2\n  replicas: 3")));
    }

    [Theory]
    [InlineData("yes", "true")]
    [InlineData("off", "false")]
    [InlineData("0440", "288")]
    [InlineData("-5", "-5")]
    [InlineData("1.5", "1.5")]
    [InlineData("1.10.2", "\"1.10.2\"")]
    [InlineData("500m", "\"500m\"")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("|-\n 1", "\"1\"")]
    [InlineData("~", null)]
    public void Scalars_are_read_as_Kubernetes_reads_them(string yaml, string? json)
    {
        Assert.Equal(json, ManifestYaml.Documents(yaml).Single()?.ToJsonString());
    }

    private static IReadOnlyList<KubernetesObject> Read(string text, string source = "here") =>
        ManifestYaml.Objects(text, source);
}
