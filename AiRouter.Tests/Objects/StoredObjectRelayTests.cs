using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Objects;

/// <summary>R5: what passes between a client and the backend that keeps its objects.</summary>
public sealed class StoredObjectRelayTests
{
    private const string Key = "sk-air-client";
    private const string Head = "Host: x\r\nAuthorization: Bearer " + Key + "\r\nConnection: close\r\n";

    [Theory]
    [InlineData("%252e%252e/%252e%252e/organization/users")]
    [InlineData("%252E%252e/%252e./organization/users")]
    [InlineData("..%2f..%2forganization/users")]
    [InlineData("..%5c..%5corganization/users")]
    public async Task R5_path_cannot_climb_out_of_its_object(string rest)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"file-1"}""");
        await using var router = await StartAsync(upstream);
        await RawHttp.PostAsync(router.Root, "/v1/files", "{}", $"Authorization: Bearer {Key}\r\n");

        var response = await RawHttp.SendAsync(router.Root, $"GET /v1/files/file-1/{rest} HTTP/1.1\r\n{Head}\r\n");

        Assert.Equal(404, response.Status);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("DELETE", "files/file-1", 204, "")]
    [InlineData("DELETE", "files/file-1", 205, "")]
    [InlineData("POST", "files", 201, """{"id":"file-2"}""")]
    [InlineData("GET", "files/file-1", 200, """{"id":"file-1","error":{}}""")]
    [InlineData("GET", "files/file-1", 200, """{"id":"file-1","status":"failed","error":{"code":"x","message":"bad line"}}""")]
    public async Task Status_and_body_of_an_object_pass(string method, string path, int status, string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"file-1"}""");
        await using var router = await StartAsync(upstream);
        await RawHttp.PostAsync(router.Root, "/v1/files", "{}", $"Authorization: Bearer {Key}\r\n");
        upstream.Script = async call =>
        {
            call.Http.Response.StatusCode = status;
            if (body.Length > 0)
            {
                await call.BytesAsync("application/json", Encoding.UTF8.GetBytes(body), status);
            }
        };

        var response = await RawHttp.SendAsync(
            router.Root, $"{method} /v1/{path} HTTP/1.1\r\n{Head}{(method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n");

        Assert.Equal(status, response.Status);
        Assert.Equal(body, response.Body);
    }

    private static Task<RunningRouter> StartAsync(ScriptedUpstream upstream) => RunningRouter.StartAsync(upstream, config: c => c with
    {
        Defaults = new DefaultsConfig { Backend = "upstream" },
        Keys = [TestConfigs.Key("k", Key) with { Operations = ["files"] }],
        Server = new ServerConfig { Authentication = AuthenticationMode.Required },
    });
}
