using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Fixtures;

/// <summary>
/// A simulated OpenID Connect provider on a loopback port: whoever is sent to it has signed in already, as <see cref="Person"/>. It
/// checks what a real one checks: the client's secret, the address to go back to, that a code is used once, and PKCE.
/// </summary>
internal sealed class SimulatedOpenIdProvider : IAsyncDisposable
{
    /// <summary>The name that it knows Admin by.</summary>
    public const string ClientId = "airouter";

    /// <summary>The secret that goes with it.</summary>
    public const string ClientSecret = "the-clients-secret-of-the-tests";

    private readonly WebApplication _app;
    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string? Nonce, string? Challenge, string Redirect)> _codes = [];

    private SimulatedOpenIdProvider(WebApplication app) => _app = app;

    /// <summary>Its address.</summary>
    public string Authority { get; private set; } = "";

    /// <summary>What it says about whoever signs in, in the token.</summary>
    public JsonObject Person { get; set; } = new() { ["sub"] = "1" };

    /// <summary>What it says about him at its userinfo endpoint, besides.</summary>
    public JsonObject More { get; set; } = [];

    /// <summary>Whether tokens are signed with a key that it does not publish.</summary>
    public bool SignsWrongly { get; set; }

    /// <summary>What Admin is told.</summary>
    public (string Name, string? Value)[] Environment(string roles, params (string Name, string? Value)[] more) =>
    [
        ("AIROUTER_OIDC_AUTHORITY", Authority), ("AIROUTER_OIDC_CLIENT_ID", ClientId), ("AIROUTER_OIDC_CLIENT_SECRET", ClientSecret),
        ("AIROUTER_OIDC_ROLES", roles), .. more,
    ];

    /// <summary>Starts one.</summary>
    public static async Task<SimulatedOpenIdProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new SimulatedOpenIdProvider(app);
        app.MapGet("/", static () => "A simulated OpenID Connect provider of AiRouter's tests. It lets everybody in.");
        app.MapGet("/.well-known/openid-configuration", provider.Describe);
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        app.MapGet("/userinfo", provider.UserInfo);
        await app.StartAsync(TestContext.Current.CancellationToken);
        provider.Authority = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Describe() => Results.Json(new JsonObject
    {
        ["issuer"] = Authority,
        ["authorization_endpoint"] = Authority + "/authorize",
        ["token_endpoint"] = Authority + "/token",
        ["userinfo_endpoint"] = Authority + "/userinfo",
        ["jwks_uri"] = Authority + "/keys",
        ["response_types_supported"] = new JsonArray("code"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["code_challenge_methods_supported"] = new JsonArray("S256"),
    });

    private IResult Keys()
    {
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        return Results.Json(new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["kid"] = "1",
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            }),
        });
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
        {
            return Results.BadRequest("invalid_request");
        }

        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (query["nonce"], query["code_challenge"], query["redirect_uri"].ToString());
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var verifier = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var given) || form["client_id"] != ClientId || form["client_secret"] != ClientSecret ||
            form["redirect_uri"] != given.Redirect || verifier != given.Challenge)
        {
            return Results.Json(new JsonObject { ["error"] = "invalid_grant" }, statusCode: 400);
        }

        var claims = Person.DeepClone().AsObject();
        claims["iss"] = Authority;
        claims["aud"] = ClientId;
        claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds();
        claims["nonce"] = given.Nonce;
        return Results.Json(new JsonObject
        {
            ["access_token"] = "an-access-token-of-the-tests",
            ["token_type"] = "Bearer",
            ["expires_in"] = 300,
            ["id_token"] = Sign(claims),
        });
    }

    private IResult UserInfo()
    {
        var person = More.DeepClone().AsObject();
        person["sub"] = Person["sub"]?.DeepClone();
        return Results.Json(person);
    }

    private string Sign(JsonObject claims)
    {
        var text = Part(new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = "1" }) + "." + Part(claims);
        using var other = RSA.Create(2048);
        var signature = (SignsWrongly ? other : _key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return text + "." + Base64Url.EncodeToString(signature);
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
