using AiRouter.Api.Authentication;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Authentication;

/// <summary>R1: who needs a key.</summary>
public sealed class AuthenticationTests
{
    private const string Good = "sk-air-good";

    [Theory]
    [InlineData(AuthenticationMode.Required, null, 401, null)]
    [InlineData(AuthenticationMode.Required, "Bearer sk-air-bad", 401, "invalid_api_key")]
    [InlineData(AuthenticationMode.Required, "Bearer " + Good, 200, null)]
    [InlineData(AuthenticationMode.Required, "bearer  " + Good + " ", 200, null)]
    [InlineData(AuthenticationMode.Required, "Bearer  ", 401, null)]
    [InlineData(AuthenticationMode.Required, "Basic " + Good, 401, null)]
    [InlineData(AuthenticationMode.Optional, null, 200, null)]
    [InlineData(AuthenticationMode.Optional, "Bearer  ", 200, null)]
    [InlineData(AuthenticationMode.Optional, "Bearer sk-air-bad", 401, "invalid_api_key")]
    [InlineData(AuthenticationMode.None, null, 200, null)]
    [InlineData(AuthenticationMode.None, "Bearer sk-air-bad", 200, null)]
    [InlineData(AuthenticationMode.Auto, null, 401, null)]
    [InlineData(AuthenticationMode.Auto, "Bearer " + Good, 200, null)]
    public async Task R1_mode_decides(AuthenticationMode mode, string? authorization, int status, string? code)
    {
        var (actual, body) = await SendAsync(mode, [TestConfigs.Key("k", Good)], authorization, anyKeyHasExisted: true);

        Assert.Equal(status, actual);
        if (code is not null)
        {
            Assert.Contains($"\"code\":\"{code}\"", body, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-air-bad", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 401)]
    public async Task R1_auto_is_open_on_loopback_until_a_key_has_existed(bool anyKeyHasExisted, int status) =>
        Assert.Equal(status, (await SendAsync(AuthenticationMode.Auto, [], null, anyKeyHasExisted)).Status);

    [Theory]
    [InlineData(true, null, "switched off")]
    [InlineData(false, "2020-01-01", "expired at 2020-01-01 00:00:00Z")]
    public async Task R1_holder_of_a_key_that_does_not_work_is_told_why(bool disabled, string? expires, string reason)
    {
        var key = TestConfigs.Key("k", Good) with
        {
            Disabled = disabled,
            Expires = expires is null ? null : DateTimeOffset.Parse(
                expires, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal),
        };

        var (status, body) = await SendAsync(AuthenticationMode.Required, [key], "Bearer " + Good, anyKeyHasExisted: true);

        Assert.Equal(401, status);
        Assert.Contains("\"code\":\"invalid_api_key\"", body, StringComparison.Ordinal);
        Assert.Contains(reason, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    public async Task R1_key_is_found_in_every_header_and_beside_a_second_one(string header)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream, config: c => c with { Keys = [TestConfigs.Key("k", Good)] });

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","messages":[{}]}""",
            $"{header}: {Good}\r\nAuthorization: Bearer dummy\r\n");

        Assert.Equal(200, response.Status);
    }

    [Theory]
    [InlineData("other-*", 403)]
    [InlineData("public-*", 200)]
    public async Task Key_may_use_its_models_only(string models, int status)
    {
        var key = TestConfigs.Key("k", Good) with { Models = [models] };

        Assert.Equal(status, (await SendAsync(AuthenticationMode.Required, [key], "Bearer " + Good, true)).Status);
    }

    private static async Task<(int Status, string Body)> SendAsync(
        AuthenticationMode mode, KeyConfig[] keys, string? authorization, bool anyKeyHasExisted)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream,
            config: c => c with { Keys = keys, Server = new ServerConfig { Authentication = mode } },
            configure: s => s.AddSingleton<IKeyHistory>(new FixedKeyHistory(anyKeyHasExisted)));
        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","messages":[{}]}""",
            authorization is null ? "" : $"Authorization: {authorization}\r\n");
        return (response.Status, response.Body);
    }
}
