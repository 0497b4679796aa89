using System.Security.Cryptography;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Tests.Configuration;

public sealed class StoredCredentialsTests
{
    private const string Secret = "sk-very-secret-1234";

    private static readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly EncryptionKeys _keys = EncryptionKeys.Parse(_key).Keys!;

    [Fact]
    public void Credential_goes_in_encrypted_and_routers_read_it()
    {
        var stored = Protected(Config(Secret));

        Assert.StartsWith("enc:v1:", stored.Backends["b"].ApiKey, StringComparison.Ordinal);
        var load = RouterConfigurationLoader.Build(stored, Source(_key));
        Assert.Empty(load.Problems);
        Assert.Equal(Secret, load.Model!.Backends["b"].Credential.Secret);
    }

    [Fact]
    public void Credential_in_a_header_goes_in_encrypted_and_routers_read_it()
    {
        var stored = Protected(Config(null, headers: new() { ["X-Api-Key"] = Secret, ["X-Team"] = "a" }));

        Assert.StartsWith("enc:v1:", stored.Backends["b"].Headers["X-Api-Key"], StringComparison.Ordinal);
        Assert.Equal("a", stored.Backends["b"].Headers["X-Team"]);
        var model = RouterConfigurationLoader.Build(stored, Source(_key)).Model!;
        Assert.Contains(KeyValuePair.Create("X-Api-Key", Secret), model.Backends["b"].Headers);
    }

    [Fact]
    public void Router_without_the_key_says_so_by_path()
    {
        var problem = Assert.Single(RouterConfigurationLoader.Build(Protected(Config(Secret)), Source(null)).Problems);

        Assert.Equal("backends.b.apiKey", problem.Path);
        Assert.Contains("AIROUTER_ENCRYPTION_KEY is not set", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_a_credential_is_refused()
    {
        StoredCredentials.Protect(Config(Secret), null, null, out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal("backends.b.apiKey", problem.Path);
        Assert.Contains("AIROUTER_ENCRYPTION_KEY", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Change_shows_which_credentials_are_replaced_and_never_which_they_are()
    {
        var stored = Protected(Config(Secret, headers: new() { ["X-Api-Key"] = Secret, ["X-Token"] = "env:AIROUTER_SECRET_T" }));
        var asked = Config("sk-other", headers: new() { ["X-Api-Key"] = "set", ["X-Token"] = "set", ["X-New-Key"] = "sk-new" });

        var shown = StoredCredentials.HideChange(asked, stored).Backends["b"];

        Assert.Equal("set (changed)", shown.ApiKey);
        Assert.Equal(
            ["X-Api-Key=set", "X-New-Key=set", "X-Token=env:AIROUTER_SECRET_T"],
            shown.Headers.Select(static h => $"{h.Key}={h.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("set", StoredCredentials.HideChange(stored, stored).Backends["b"].ApiKey);
        Assert.Equal("set", StoredCredentials.HideChange(asked, null).Backends["b"].ApiKey);
    }

    [Fact]
    public void Placeholder_keeps_what_is_stored()
    {
        var stored = Protected(Config(Secret, headers: new() { ["X-Team"] = "a" }));
        var shown = StoredCredentials.Hide(stored);

        Assert.Equal("set", shown.Backends["b"].ApiKey);
        Assert.Equal("set", shown.Backends["b"].Headers["X-Team"]);
        var again = StoredCredentials.Protect(shown, stored, _keys, out var problems);
        Assert.Empty(problems);
        Assert.Equal(stored.Backends["b"].ApiKey, again.Backends["b"].ApiKey);
        Assert.Equal("a", again.Backends["b"].Headers["X-Team"]);
    }

    [Theory]
    [InlineData("env:AIROUTER_SECRET_OPENAI")]
    [InlineData("file:openai")]
    [InlineData("forward")]
    public void References_are_shown(string reference) =>
        Assert.Equal(reference, StoredCredentials.Hide(Config(reference)).Backends["b"].ApiKey);

    [Theory]
    [InlineData("https://elsewhere.example/v1")]
    [InlineData("http://api.example.com/v1")]
    [InlineData("https://api.example.com:8443/v1")]
    public void Placeholder_on_another_host_is_an_error(string url)
    {
        var stored = Protected(Config(Secret));

        StoredCredentials.Protect(Config("set", url), stored, _keys, out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal("backends.b.apiKey", problem.Path);
        Assert.Contains("another host", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Placeholder_with_a_path_to_another_host_is_an_error()
    {
        var stored = Protected(Config(Secret));
        var paths = new Dictionary<string, Uri> { ["/v1/x"] = new("https://evil.example/x") };
        var asked = new RouterConfig
        {
            Backends = new Dictionary<string, BackendConfig> { ["b"] = Config("set").Backends["b"] with { Paths = paths } },
        };

        StoredCredentials.Protect(asked, stored, _keys, out var problems);

        Assert.Contains("another host", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Placeholder_with_nothing_stored_is_an_error()
    {
        StoredCredentials.Protect(Config("set"), Config(null), _keys, out var problems);

        Assert.Contains("nothing is", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cipher_text_of_somebody_elses_is_refused()
    {
        StoredCredentials.Protect(Config("enc:v1:AAAA"), null, _keys, out var problems);

        Assert.Contains("only AiRouter itself", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_write_encrypts_under_the_newest_key()
    {
        var stored = Protected(Config(Secret));
        var newKey = $"v2:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))},v1:{_key}";

        var again = StoredCredentials.Protect(StoredCredentials.Hide(stored), stored, EncryptionKeys.Parse(newKey).Keys, out _);

        Assert.StartsWith("enc:v2:", again.Backends["b"].ApiKey, StringComparison.Ordinal);
        Assert.Equal(Secret, RouterConfigurationLoader.Build(again, Source(newKey)).Model!.Backends["b"].Credential.Secret);
    }

    [Fact]
    public void Changes_of_credentials_are_told_by_path()
    {
        var stored = Protected(Config(Secret));

        Assert.Equal(["backends.b.apiKey"], StoredCredentials.Changes(null, Config("env:AIROUTER_SECRET_X")));
        Assert.Equal(["backends.b.apiKey"], StoredCredentials.Changes(stored, Config("another")));
        Assert.Equal(["backends.b.apiKey"], StoredCredentials.Changes(Config("file:x"), Config("file:x", "https://evil.example/v1")));
        Assert.Empty(StoredCredentials.Changes(stored, StoredCredentials.Hide(stored)));
        Assert.Empty(StoredCredentials.Changes(stored, stored));
        Assert.Empty(StoredCredentials.Changes(stored, Config(null)));
        Assert.Empty(StoredCredentials.Changes(stored, Config("forward")));
    }

    [Fact]
    public void Line_breaks_are_refused_before_they_are_stored()
    {
        StoredCredentials.Protect(Config("a\nb"), null, _keys, out var problems);

        Assert.Contains("no header can carry", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void References_of_elsewhere_are_checked_for_their_form_only()
    {
        var source = new RouterConfigurationSource { ReadsReferences = false };

        Assert.Empty(RouterConfigurationLoader.Build(Config("env:AIROUTER_SECRET_NOT_HERE"), source).Problems);
        Assert.Empty(RouterConfigurationLoader.Build(Config("file:not-here"), source).Problems);
        Assert.Equal("backends.b.apiKey", Assert.Single(RouterConfigurationLoader.Build(Config("env:PATH"), source).Problems).Path);
    }

    private static RouterConfig Protected(RouterConfig config)
    {
        var stored = StoredCredentials.Protect(config, null, _keys, out var problems);
        Assert.Empty(problems);
        return stored;
    }

    private static RouterConfig Config(
        string? apiKey, string url = "https://api.example.com/v1", Dictionary<string, string>? headers = null)
    {
        var backend = new BackendConfig { Url = new Uri(url), ApiKey = apiKey, Headers = headers ?? [] };
        return new RouterConfig { Backends = new Dictionary<string, BackendConfig> { ["b"] = backend } };
    }

    private static RouterConfigurationSource Source(string? key) => new()
    {
        Environment = key is null
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { [EncryptionKeys.Variable] = key },
    };
}
