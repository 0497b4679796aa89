using System.Globalization;
using System.Text.RegularExpressions;
using AiRouter.AppHost.Topology;
using AiRouter.Core.Configuration;
using AiRouter.Prompting;
using AiRouter.ServiceDefaults;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>One machine with Compose: the same names, ports, folders and variables as everywhere, closed to others, nothing secret in
/// the file.</summary>
public sealed partial class ComposeTests
{
    private const string Simulator = "simulator";

    // What a stop takes beside drainSeconds: docs/operations.md.
    private const int RestOfStop = 23;

    private static readonly Dictionary<string, OurImage> _ours = new()
    {
        [Wiring.Resources.Api] = OurImage.Api,
        [Wiring.Resources.Admin] = OurImage.Admin,
        [Simulator] = OurImage.Simulator,
    };

    [Fact]
    public void Services_have_the_names_of_resources()
    {
        Assert.Equal(
            [Wiring.Resources.Admin, Wiring.Resources.Api, Wiring.Resources.Redis, Simulator, Wiring.Resources.Triton],
            ComposeFile.Services.Keys.Order());

        // Either answers as "triton": the configuration need not know which.
        var simulator = ComposeFile.Services[Simulator];
        Assert.Equal([Wiring.Resources.Triton], simulator["networks"]!["default"]!["aliases"].Texts());
        Assert.Equal([Simulator], simulator["profiles"].Texts());
        Assert.Equal([Wiring.Resources.Triton], ComposeFile.Services[Wiring.Resources.Triton]["profiles"].Texts());
    }

    [Theory]
    [InlineData(Wiring.Resources.Api)]
    [InlineData(Wiring.Resources.Admin)]
    [InlineData(Simulator)]
    public void Our_images_are_built_here_and_ask_themselves_for_health(string name)
    {
        var (service, image) = (ComposeFile.Services[name], _ours[name]);

        Assert.Equal($"{image.Name}:{OurImage.Tag}", (string)service["image"]!);
        Assert.Equal("build", (string)service["pull_policy"]!);
        Assert.Equal((".", $"{image.Project}/Dockerfile"), ((string)service["build"]!["context"]!, (string)service["build"]!["dockerfile"]!));
        Assert.Equal(["CMD", image.Program, HealthQuestion.Command], service["healthcheck"]!["test"].Texts());
        Assert.Equal($"{Wiring.Images.User}:{Wiring.Images.User}", (string)service["user"]!);
    }

    [Fact]
    public void Every_service_runs_with_as_few_rights_as_it_can()
    {
        Assert.All(ComposeFile.Services, static pair =>
        {
            var service = pair.Value;
            Assert.Equal(["ALL"], service["cap_drop"].Texts());
            Assert.Equal(["no-new-privileges:true"], service["security_opt"].Texts());
            Assert.Equal("unless-stopped", (string)service["restart"]!);
            Assert.NotEmpty(service["healthcheck"]!["test"].Texts());
            Assert.All(
                new[] { "privileged", "cap_add", "network_mode", "pid", "ipc", "devices" }, field => Assert.False(service.ContainsKey(field)));
            Assert.DoesNotContain(service["volumes"].Texts(), static volume => volume.Contains(".sock", StringComparison.Ordinal));

            // NVIDIA's backends write where they please.
            if (pair.Key != Wiring.Resources.Triton)
            {
                Assert.Equal("true", (string)service["read_only"]!);
                Assert.DoesNotMatch("^0|^$", (string)service["user"]!);
            }
        });
    }

    /// <summary>R4: metrics and Admin are not reached from other machines.</summary>
    [Fact]
    public void Ports_are_those_of_this_machine_alone()
    {
        var published = ComposeFile.Services.SelectMany(static s => s.Value["ports"].Texts().Select(port => (s.Key, port)));

        Assert.Equal(
            [
                (Wiring.Resources.Api, $"127.0.0.1:{Wiring.Ports.Api}:{Wiring.Ports.Api}"),
                (Wiring.Resources.Admin, $"127.0.0.1:{Wiring.Ports.Admin}:{Wiring.Ports.Admin}"),
            ],
            published);
    }

    [Fact]
    public void Variables_are_those_of_the_wiring()
    {
        var api = ComposeFile.Variables(Wiring.Resources.Api);
        var admin = ComposeFile.Variables(Wiring.Resources.Admin);

        // All that the image has, so that an image of the SDK or of somebody else's will do as well.
        Assert.All(OurImage.Api.Environment.Where(static v => v.Key.StartsWith('A') && v.Value.Length > 0), v => Assert.Equal(v.Value, api[v.Key]));
        Assert.Equal("seed", api[Wiring.Variables.ConfigMode]);
        Assert.Equal($"http://{Wiring.Resources.Triton}:{Wiring.Ports.TritonGrpc}", api[Wiring.Variables.TritonGrpc]);
        Assert.Equal($"http://{Wiring.Resources.Api}:{Wiring.Ports.Api}", admin[Wiring.Variables.ApiHttp]);
        Assert.Equal(OurImage.Everywhere(Wiring.Ports.Admin), admin[Wiring.Variables.Urls]);
        Assert.Equal("localhost", admin["AIROUTER_ADMIN_HOSTS"]);
        Assert.Equal(api[Wiring.Variables.TritonGrpc], admin[Wiring.Variables.TritonGrpc]);
        Assert.Equal(api[Wiring.Variables.EncryptionKey], admin[Wiring.Variables.EncryptionKey]);
        Assert.Equal(api[Wiring.Variables.Redis], admin[Wiring.Variables.Redis]);
        Assert.StartsWith($"{Wiring.Resources.Redis}:{Wiring.Ports.Redis},password=${{REDIS_PASSWORD:?", api[Wiring.Variables.Redis], StringComparison.Ordinal);
        Assert.StartsWith("${AIROUTER_ADMIN_KEY:?", admin[Wiring.Variables.AdminKey], StringComparison.Ordinal);
        Assert.All(
            OurImage.Simulator.Environment.Where(static v => !v.Key.StartsWith("DOTNET", StringComparison.Ordinal) && v.Value.Length > 0),
            static v => Assert.Equal(v.Value, ComposeFile.Variables(Simulator)[v.Key]));
    }

    [Fact]
    public void Variables_are_all_read_by_somebody()
    {
        var code = string.Concat(Checkout.ProductCode.Select(Checkout.Read));
        var names = _ours.Keys.SelectMany(service => ComposeFile.Variables(service).Keys.Select(name => name.StartsWith("SIM__", StringComparison.Ordinal) ? name[5..] : name));

        Assert.All(names, name => Assert.Contains(name, code, StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_are_those_of_the_wiring()
    {
        Assert.Equal(
            [$"./deploy/compose/config:{Wiring.Folders.Configuration}:ro,z", $"api:{Wiring.Folders.Data}"],
            ComposeFile.Services[Wiring.Resources.Api]["volumes"].Texts());
        Assert.Equal(
            [$"./deploy/compose/config:{Wiring.Folders.Configuration}:ro,z"],
            ComposeFile.Services[Wiring.Resources.Admin]["volumes"].Texts());
        Assert.Equal(
            [$"${{TRITON_MODELS:-./models}}:{Wiring.Folders.Models}:ro,z"],
            ComposeFile.Services[Wiring.Resources.Triton]["volumes"].Texts());
    }

    [Fact]
    public void Secrets_come_from_the_environment_file_which_its_sample_describes()
    {
        var text = Checkout.Read("compose.yaml");
        var used = Reference().Matches(text).Select(static m => m.Groups[1].Value).ToHashSet();
        var described = Described().Matches(Checkout.Read("deploy/compose/example.env")).Select(static m => m.Groups[1].Value).ToHashSet();

        Assert.Equal(used.Append("COMPOSE_PROFILES").Order(), described.Order());
        Assert.All(
            ComposeFile.Services.Keys.SelectMany(ComposeFile.Variables).Where(static v => SecretName().IsMatch(v.Key)),
            static v => Assert.Contains(":?", v.Value, StringComparison.Ordinal));
        Assert.Contains("\n.env\n", Checkout.Read(".gitignore"), StringComparison.Ordinal);
    }

    /// <summary>Budgets and keys are in there.</summary>
    [Fact]
    public void Redis_keeps_what_it_is_told_and_shows_its_password_to_nobody()
    {
        var redis = ComposeFile.Services[Wiring.Resources.Redis];
        var command = string.Join('\n', redis["command"].Texts());

        Assert.Contains("--appendonly yes", command, StringComparison.Ordinal);
        Assert.Contains("--maxmemory-policy noeviction", command, StringComparison.Ordinal);
        Assert.DoesNotContain("--requirepass", command, StringComparison.Ordinal);
        Assert.Contains("\nrequirepass $$REDISCLI_AUTH\n", command, StringComparison.Ordinal);
        Assert.Equal(["redis:/data"], redis["volumes"].Texts());
        Assert.All(
            new[] { Wiring.Resources.Api, Wiring.Resources.Admin },
            static name => Assert.Equal(
                "service_healthy", (string)ComposeFile.Services[name]["depends_on"]![Wiring.Resources.Redis]!["condition"]!));
    }

    [Fact]
    public void Stop_has_time_for_the_drain()
    {
        var grace = (string)ComposeFile.Services[Wiring.Resources.Api]["stop_grace_period"]!;

        Assert.True(
            int.Parse(grace.TrimEnd('s'), CultureInfo.InvariantCulture) > new ServerConfig().DrainSeconds + RestOfStop, grace);
    }

    [Fact]
    public void Triton_is_that_of_the_wiring_on_a_GPU()
    {
        var triton = ComposeFile.Services[Wiring.Resources.Triton];
        var devices = triton["deploy"]!["resources"]!["reservations"]!["devices"]![0]!;

        Assert.Equal($"{Wiring.Images.TritonRegistry}/{Wiring.Images.Triton}:{Wiring.Images.TritonTag}", (string)triton["image"]!);
        Assert.Equal(
            [
                Wiring.Images.TritonCommand, $"--model-repository={Wiring.Folders.Models}", "--model-control-mode=explicit", "--load-model=*",
                "--exit-on-error=false", "--strict-readiness=false",
            ],
            triton["command"].Texts());
        Assert.Equal("nvidia", (string)devices["driver"]!);
        Assert.Equal(["gpu"], devices["capabilities"].Texts());
        Assert.Contains(
            $"http://localhost:{Wiring.Ports.TritonHttp}{Wiring.Paths.TritonReady}", triton["healthcheck"]!["test"].Texts());
    }

    [Fact]
    public void Configuration_is_good_and_names_Triton_as_the_wiring_does()
    {
        var load = RouterConfigurationLoader.Load(RouterConfigurationSource.FromEnvironment(
            new Dictionary<string, string>(), Path.Combine(Checkout.Root, "deploy", "compose", "config", "airouter.yaml")) with
        {
            Assets = ModelAssets.Instance,
        });

        Assert.Empty(load.Problems);
        Assert.Equal(
            new Uri($"http://_{Wiring.Endpoints.Grpc}.{Wiring.Resources.Triton}"), load.Model!.Config.Backends[Wiring.Resources.Triton].Url);
        Assert.Equal(
            $"services__{Wiring.Resources.Triton}__{Wiring.Endpoints.Grpc}__0", Wiring.Variables.TritonGrpc);
    }

    [GeneratedRegex(@"(?<!\$)\$\{(\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^(?:# )?([A-Z_]+)=", RegexOptions.Multiline)]
    private static partial Regex Described();

    [GeneratedRegex("KEY|PASSWORD|SECRET(?!S_DIR)|AUTH$|redis")]
    private static partial Regex SecretName();
}
