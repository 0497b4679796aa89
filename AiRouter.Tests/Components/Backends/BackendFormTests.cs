using AiRouter.Admin.Components.Backends;
using AiRouter.Core.Configuration;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Components.Backends;

/// <summary>The form of a backend: nothing is lost on the way in and out, and a credential stays with its host (R6).</summary>
public sealed class BackendFormTests
{
    private static readonly BackendConfig _stored = new()
    {
        Url = new Uri("https://api.example/v1"),
        ApiKey = "set",
        Headers = new Dictionary<string, string> { ["X-Api-Key"] = "set" },
    };

    [Property(MaxTest = 300)]
    public Property Record_comes_out_as_it_went_in() => Prop.ForAll(Backends().ToArbitrary(), static config =>
    {
        var (back, problems) = BackendForm.Of("b", config).ToConfig();

        Assert.Empty(problems);
        Assert.Equal(ConfigurationJson.WriteRecord(config), ConfigurationJson.WriteRecord(back!));
    });

    [Theory]
    [InlineData("https://api.example:444/v1")]
    [InlineData("http://api.example/v1")]
    [InlineData("https://evil.example/v1")]
    public void R6_Another_host_drops_what_is_stored_and_says_so(string url)
    {
        var form = BackendForm.Of("b", _stored);
        form.Url = url;

        var (config, problems) = form.ToConfig();

        Assert.True(form.IsMoved);
        Assert.Null(config);
        Assert.Equal(["apiKey", "headers.X-Api-Key"], problems.Select(static p => p.Path));
    }

    [Fact]
    public void R6_Path_to_another_host_is_another_host_too()
    {
        var form = BackendForm.Of("b", _stored);
        form.Paths.Add(new PathRow { Path = "/v1/audio/speech", Url = "https://evil.example/speech" });

        Assert.True(form.IsMoved);
        Assert.Null(form.ToConfig().Config);
    }

    [Fact]
    public void Another_path_of_the_same_host_keeps_what_is_stored()
    {
        var form = BackendForm.Of("b", _stored);
        form.Url = "https://API.example/v2";

        Assert.Equal("set", form.ToConfig().Config?.ApiKey);
    }

    [Fact]
    public void Moved_backend_is_right_with_credentials_given_anew_or_none()
    {
        var form = BackendForm.Of("b", _stored);
        form.Url = "https://other.example/v1";
        form.Credential.Choice = CredentialChoice.Given;
        form.Credential.Given = "  sk-new ";
        form.Headers[0].Value = "new";
        var given = form.ToConfig().Config!;
        form.Credential.Choice = CredentialChoice.None;
        form.Headers.Clear();
        var none = form.ToConfig().Config!;

        Assert.Equal(("sk-new", "new"), (given.ApiKey, given.Headers["X-Api-Key"]));
        Assert.Null(none.ApiKey);
    }

    [Fact]
    public void Settings_of_the_other_kind_are_left_out()
    {
        var form = BackendForm.Of("b", new BackendConfig
        {
            Url = new Uri("http://up/v1"),
            Paths = new Dictionary<string, Uri> { ["/v1/x"] = new("http://up/x") },
            StreamUsage = false,
            Probe = new ProbeConfig { Path = "/health", Interval = 7 },
        });
        form.Kind = BackendKind.Triton;

        var config = form.ToConfig().Config!;

        Assert.Equal((0, true, null, 7.0), (config.Paths.Count, config.StreamUsage, config.Probe.Path, config.Probe.Interval));
    }

    [Theory]
    [InlineData("", "url")]
    [InlineData("gpu-1:8001", "url")]
    [InlineData("grpc://gpu-1:8001", "url")]
    public void Address_that_is_none_is_told_at_its_field(string url, string path)
    {
        var problems = new BackendForm { Url = url }.ToConfig().Problems;

        Assert.Equal(path, Assert.Single(problems).Path);
    }

    [Theory]
    [InlineData(CredentialChoice.Given, "", "")]
    [InlineData(CredentialChoice.Reference, "", "")]
    [InlineData(CredentialChoice.Reference, "", "sk-pasted-in-the-wrong-field")]
    public void Credential_that_is_none_is_told_at_its_field(CredentialChoice choice, string given, string reference)
    {
        var form = new BackendForm { Url = "http://up/v1" };
        (form.Credential.Choice, form.Credential.Given, form.Credential.Reference) = (choice, given, reference);

        Assert.Equal("apiKey", Assert.Single(form.ToConfig().Problems).Path);
    }

    private static Gen<BackendConfig> Backends()
    {
        var number = Gen.Choose(1, 32);
        var optional = Gen.Elements(null, "/certs/a.pem", "b.pem");
        var credential = Gen.Elements(null, "set", "env:AIROUTER_SECRET_X", "file:x", "forward");
        return
            from kind in Gen.Elements(BackendKind.OpenAi, BackendKind.Triton, BackendKind.Anthropic)
            from url in Gen.Elements("http://up:8000/v1", "https://api.example/v1/", "http://[::1]:9/a%20b")
            from apiKey in credential
            from header in Gen.Elements(null, "set", "blue", "env:AIROUTER_SECRET_Y")
            from ca in optional
            from certificate in optional
            from external in Gen.Elements(null, (bool?)true, false)
            from a in number
            from b in number
            from c in number
            from flag in Gen.Elements(true, false)
            let isHttp = kind != BackendKind.Triton
            let standard = new BackendConfig { Url = new Uri(url) }
            select standard with
            {
                Kind = kind,
                ApiKey = apiKey,
                Headers = header is null ? standard.Headers : new Dictionary<string, string> { ["x-some"] = header, ["y"] = "z" },
                Tls = ca is null && certificate is null ? null : new TlsConfig { CaFile = ca, CertificateFile = certificate, KeyFile = certificate },
                Timeouts = new TimeoutsConfig { Connect = a, Idle = b / 2.0 },
                External = external,
                MaxRequestsPerReplica = a,
                MaxConnectionsPerReplica = b,
                Breaker = new BreakerConfig { Enabled = flag, Failures = c, Ratio = a / 32.0 },
                Probe = new ProbeConfig { Enabled = flag, Interval = b, Path = isHttp && flag ? "/health" : null },
                Paths = isHttp && flag ? new Dictionary<string, Uri> { ["/v1/x"] = new("http://up:8000/x?y=1") } : standard.Paths,
                StreamUsage = kind != BackendKind.OpenAi || flag,
                Responses = kind != BackendKind.OpenAi || !flag,
                Messages = kind == BackendKind.OpenAi && flag,
                Connections = isHttp ? standard.Connections : c,
                MaxMessageMiB = isHttp ? standard.MaxMessageMiB : b,
                LoadSignal = isHttp || flag ? null : new LoadSignalConfig { Url = new Uri("http://up:8002/metrics"), Interval = a },
            };
    }
}
