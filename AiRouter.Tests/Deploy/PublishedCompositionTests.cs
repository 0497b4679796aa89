using System.Text.Json.Nodes;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.Deploy;

/// <summary>The files for Docker Compose that the AppHost publishes.</summary>
public sealed class PublishedCompositionTests
{
    [Theory]
    [MemberData(nameof(PublishedFiles.Compositions), MemberType = typeof(PublishedFiles))]
    public void Every_service_starts_again_is_looked_after_and_may_do_little(string name) =>
        Assert.All(Services(name).Select(static service => service.Value), static service =>
        {
            Assert.Equal("unless-stopped", Text(service, "restart"));
            Assert.NotNull(KubernetesObject.At(service, "healthcheck.test.1"));
            Assert.Equal("ALL", Text(service, "cap_drop.0"));
            Assert.Equal("no-new-privileges:true", Text(service, "security_opt.0"));
        });

    [Theory]
    [MemberData(nameof(PublishedFiles.Compositions), MemberType = typeof(PublishedFiles))]
    public void R1_R4_keys_are_asked_for_and_ports_are_those_of_this_machine(string name)
    {
        var services = Services(name);

        Assert.Equal("required", Text(services[Wiring.Resources.Api], $"environment.{Wiring.Variables.Authentication}"));
        Assert.Equal([Wiring.Resources.Admin, Wiring.Resources.Api], services.Where(static s => s.Value!["ports"] is not null)
            .Select(static s => s.Key).Order(StringComparer.Ordinal));
        Assert.All(services.Select(static s => s.Value!["ports"]).OfType<JsonArray>(), static ports =>
            Assert.StartsWith("127.0.0.1:", (string)Assert.Single(ports)!, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PublishedFiles.Compositions), MemberType = typeof(PublishedFiles))]
    public void Secrets_are_nowhere_and_Compose_stops_without_them(string name)
    {
        var text = File.ReadAllText(Path.Combine(PublishedFiles.Folder(name), "docker-compose.yaml"));

        Assert.All((string[])["ADMIN_KEY", "ENCRYPTION_KEY", "REDIS_PASSWORD"], variable =>
        {
            Assert.Contains($"${{{variable}:?", text, StringComparison.Ordinal);
            Assert.DoesNotContain($"${{{variable}}}", text, StringComparison.Ordinal);
        });
        Assert.All(
            File.ReadAllLines(Path.Combine(PublishedFiles.Folder(name), ".env")).Where(static line => line.Contains('=')),
            static line => Assert.EndsWith("=", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PublishedFiles.Compositions), MemberType = typeof(PublishedFiles))]
    public void Names_ports_and_variables_are_those_of_all_other_forms(string name)
    {
        var services = Services(name);
        string? Api(string variable) => Text(services[Wiring.Resources.Api], $"environment.{variable}");

        Assert.Equal(
            [Wiring.Resources.Admin, Wiring.Resources.Api, Wiring.Resources.Redis, Wiring.Resources.Triton],
            services.Select(static s => s.Key).Order(StringComparer.Ordinal));
        Assert.Equal($"http://+:{Wiring.Ports.Api}", Api(Wiring.Variables.Urls));
        Assert.Equal($"http://{Wiring.Resources.Triton}:{Wiring.Ports.TritonGrpc}", Api(Wiring.Variables.TritonGrpc));
        Assert.StartsWith($"{Wiring.Resources.Redis}:{Wiring.Ports.Redis},", Api(Wiring.Variables.Redis), StringComparison.Ordinal);
        Assert.Equal("service_healthy", Text(services[Wiring.Resources.Api], "depends_on.redis.condition"));
        Assert.Equal("true", Text(services[Wiring.Resources.Api], "read_only"));
        Assert.Equal($"{Wiring.Images.User}:{Wiring.Images.User}", Text(services[Wiring.Resources.Api], "user"));
    }

    private static JsonObject Services(string name) => (JsonObject)ManifestYaml
        .Documents(File.ReadAllText(Path.Combine(PublishedFiles.Folder(name), "docker-compose.yaml"))).Single()!["services"]!;

    private static string? Text(JsonNode? node, string path) => KubernetesObject.At(node, path)?.ToString();
}
