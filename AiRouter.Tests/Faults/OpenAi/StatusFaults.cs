using static AiRouter.Tests.Faults.FaultOutcome;
using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;
using static AiRouter.Tests.Faults.OpenAi.Scripts;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Statuses that are not 200.</summary>
internal static class StatusFaults
{
    private const string Interim = "Interim answers (1xx)";
    private const string Redirect = "Redirect to another server";
    private const string Body =
        """{"error":{"message":"backend-model at 127.0.0.1:8000 says no","type":"some_error","param":null,"code":"some_code"}}""";

    private static readonly FaultOutcome _misconfigured = Error(502, "backend_misconfigured");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => [.. Below200, .. Redirects, .. Refusals, .. Failures];

    private static IEnumerable<FaultCase> Below200 =>
    [
        .. new OpenAiFault(Interim, "100 and 103 before the answer", static async c =>
        {
            c.IsKept = await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n");
            await c.WriteAsync(c.AsksForStream ? StreamResponse : WholeResponse);
        }).Both(Right),
        .. new OpenAiFault(Interim, "without end", static async c =>
        {
            await c.ReadRequestAsync();
            while (true)
            {
                await c.WriteAsync("HTTP/1.1 103 Early Hints\r\n\r\n");
                await Task.Delay(10, c.Stopping);
            }
        })
        {
            Timeouts = "{ firstByte: 0.5 }",
        }.Both(Error(504, "backend_timeout")),
        .. new OpenAiFault("101 Switching Protocols", "instead of an answer", Sends(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"))
            .Both(Error(502, "backend_error"), Right),
        .. new OpenAiFault("204 No Content", "instead of an answer", Answers("HTTP/1.1 204 No Content\r\n\r\n"))
            .Both(Error(502, "backend_protocol")),
        .. new OpenAiFault("205 Reset Content", "instead of an answer", Answers("HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"))
            .Both(Error(502, "backend_protocol")),
        .. new OpenAiFault("304 Not Modified", "instead of an answer", Answers("HTTP/1.1 304 Not Modified\r\n\r\n"))
        {
            Health = NoFailure,
        }.Both(_misconfigured),
    ];

    // The server that they lead to answers every request, so a request that followed would succeed.
    private static IEnumerable<FaultCase> Redirects =>
        from status in (string[])["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
        from row in new OpenAiFault(Redirect, status[..3], async c =>
        {
            c.IsKept = await c.ReadRequestAsync();
            await c.WriteAsync($"HTTP/1.1 {status}\r\nLocation: {c.Elsewhere}\r\nContent-Length: 0\r\n\r\n");
        })
        {
            Health = NoFailure,
        }.Both(_misconfigured, _misconfigured)
        select row;

    private static IEnumerable<FaultCase> Refusals =>
    [
        .. Status("400 Bad Request", NoFailure).Both(Error(400, "some_code"), Error(400, "some_code")),
        .. Status("401 Unauthorized", NoFailure).Both(_misconfigured, _misconfigured),
        .. Status("402 Payment Required", Rest).Both(Error(503, "backend_quota", 60)),
        .. Status("403 Forbidden", NoFailure).Both(_misconfigured),
        .. Status("404 Not Found", NoFailure, body: "{}").Both(_misconfigured),
        .. Status("429 Too Many Requests", Rest).Both(Error(429, "some_code", 1), Right),
        .. Status("429 Too Many Requests", RestOf(17), "Retry-After: 17").Both(Error(429, "some_code", 17), Right),
        .. Status("429 Too Many Requests", RestOf(60), "Retry-After: 2147483647").Both(Error(429, "some_code", 2147483647)),
        .. Status("429 Too Many Requests", Rest, "Retry-After: soon").Both(Error(429, "some_code", 1)),
    ];

    private static IEnumerable<FaultCase> Failures =>
    [
        .. Status("500 Internal Server Error").Both(Error(500, "some_code"), Right),
        .. Status("500 Internal Server Error", body: "<html>nginx at 127.0.0.1</html>").Both(Error(500, "backend_error"), Right),
        .. Status("501 Not Implemented").Both(Error(501, "some_code")),
        .. Status("502 Bad Gateway").Both(Error(502, "some_code"), Right),
        .. Status("503 Service Unavailable").Both(Error(503, "some_code", 1), Right),
        .. Status("503 Service Unavailable", header: "Retry-After: 17").Both(Error(503, "some_code", 17), Right),
        .. Status("504 Gateway Timeout").Both(Error(504, "some_code"), Error(504, "some_code")),
    ];

    private static OpenAiFault Status(string status, string health = Failure, string header = "", string body = Body) => new(
        status,
        header.Length > 0 ? $"`{header}`" : body == Body ? "with an error" : body == "{}" ? "with an empty error" : "with a page",
        Answers($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{(header.Length > 0 ? header + "\r\n" : "")}" +
            $"Content-Length: {body.Length}\r\n\r\n{body}"))
    {
        Health = health,
    };
}
