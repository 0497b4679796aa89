using System.Net.Security;
using System.Net.Sockets;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using static AiRouter.Tests.Faults.FaultOutcome;

namespace AiRouter.Tests.Faults.Triton;

/// <summary>Connections to a Triton server that do not come about, speak something else or fall silent.</summary>
internal static class TritonConnectionFaults
{
    private static readonly FaultOutcome Unreachable = Error(502, "backend_unreachable");
    private static readonly FaultOutcome Broken = Error(502, "backend_stream_broken");
    private static readonly FaultOutcome TimedOut = Error(504, "backend_timeout");

    // They live as long as the test process.
    private static readonly LocalhostCertificate Good = new();
    private static readonly LocalhostCertificate Stranger = new();
    private static readonly LocalhostCertificate Expired = new(DateTimeOffset.UtcNow.AddDays(-1));

    private static readonly byte[] EmptySettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => All.SelectMany(static f => f.Rows);

    private static IEnumerable<TritonConnectionFault> All =>
    [
        new("Connection refused", "connecting", Unreachable, static s => s.Wire.Close())
        {
            Second = Right,
            End = static s => s.Wire.Listen(),
        },
        new("Connection refused", "once it had answered", Unreachable, static s => s.Wire.Close())
        {
            Second = Right,
            IsKnown = true,
            End = static s => s.Wire.Listen(),
        },
        Speaks("Connection closed behind the client's preface", Broken, static (stream, token) => ReadPrefaceAsync(stream, token)),
        Speaks("Connection reset behind the client's preface", Broken, static async (stream, token) =>
        {
            await ReadPrefaceAsync(stream, token);
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
        }),
        Speaks("HTTP/1.1 instead of HTTP/2", Broken, static (stream, token) =>
            stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token).AsTask()),
        Speaks("Random bytes instead of HTTP/2", Broken, static (stream, token) =>
        {
            var bytes = new byte[1000];
            new Random(5).NextBytes(bytes);
            return stream.WriteAsync(bytes, token).AsTask();
        }),
        Silent("Accepted and never answered", static (stream, token) => ReadOnAsync(stream, token)),
        Silent("HTTP/2 settings, then nothing", static async (stream, token) =>
        {
            await stream.WriteAsync(EmptySettings, token);
            await ReadOnAsync(stream, token);
        }),
        new("Every packet lost", "once it had answered", TimedOut, static s =>
        {
            s.Wire.IsFrozen = true;
            s.Speed = 100;
        })
        {
            Second = TimedOut,
            IsKnown = true,
        },
        new("Bytes one by one", "all the time", Right, static s => s.Wire.Trickle = 1),
        new("HTTP/2 without TLS", "connecting with TLS", Unreachable, static s => s.Wire.Answer = static async (stream, token) =>
        {
            await stream.WriteAsync(EmptySettings, token);
            await ReadOnAsync(stream, token);
        })
        {
            Second = Right,
            Scheme = "https",
            Backend = Trusting,
            Listen = static options => options.UseHttps(Good.Certificate),
        },
        new("TLS handshake never answered", "connecting with TLS", Unreachable, static s => s.Wire.Answer = ReadOnAsync)
        {
            Second = Right,
            Scheme = "https",
            Backend = Trusting,
            Listen = static options => options.UseHttps(Good.Certificate),
            Connect = 0.5,
        },
        Shows("Expired certificate", Expired),
        Shows("Certificate of an unknown authority", Stranger),
        new("TLS instead of HTTP/2 in clear text", "connecting", Broken, static s => s.Wire.Answer = static (stream, token) =>
            stream.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, 80 }, token).AsTask()),
        Answers("Web page of a proxy", 200, Error(502, "backend_protocol")),
        Answers("404 of a proxy", 404, Error(502, "backend_misconfigured")),
        Answers("500 of a proxy", 500, Error(503, "backend_unavailable")),
        Answers("503 of a proxy", 503, Error(503, "backend_unavailable")),
    ];

    private static string Trusting => $"tls: {{ caFile: \"{Good.File}\" }}";

    private static TritonConnectionFault Speaks(string name, FaultOutcome alone, Func<NetworkStream, CancellationToken, Task> answer) =>
        new(name, "connecting", alone, s => s.Wire.Answer = answer) { Second = Right };

    private static TritonConnectionFault Silent(string name, Func<NetworkStream, CancellationToken, Task> answer) =>
        new(name, "connecting", TimedOut, s =>
        {
            s.Wire.Answer = answer;
            s.Speed = 100;
        })
        {
            Second = TimedOut,
        };

    private static TritonConnectionFault Shows(string name, LocalhostCertificate certificate) =>
        new(name, "connecting with TLS", Unreachable, s => s.Wire.Answer = async (stream, token) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate.Certificate,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                },
                token);
            await ReadOnAsync(stream, token);
        })
        {
            Second = Right,
            Scheme = "https",
            Backend = Trusting,
            Listen = static options => options.UseHttps(Good.Certificate),
        };

    private static TritonConnectionFault Answers(string name, int status, FaultOutcome alone) =>
        new(name, "all the time", alone, s => s.Server.Intercept = async (_, call) =>
        {
            call.Response.StatusCode = status;
            call.Response.ContentType = "text/html";
            await call.Response.WriteAsync("<html>10.1.2.3</html>");
            return true;
        })
        {
            // A 404 says that the address is wrong (R24), a page that nobody knows what became of the request (R25).
            Second = status >= 500 ? Right : alone,
        };

    private static Task ReadPrefaceAsync(NetworkStream stream, CancellationToken cancellationToken) =>
        stream.ReadExactlyAsync(new byte[24], cancellationToken).AsTask();

    private static async Task ReadOnAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        while (await stream.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }
}
