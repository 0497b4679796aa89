using System.Security.Cryptography.X509Certificates;
using static AiRouter.Tests.Faults.FaultOutcome;
using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Backends whose name is unknown, or who cannot prove it.</summary>
internal static class NameFaults
{
    private static readonly FaultOutcome _unreachable = Error(502, "backend_unreachable");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows =>
    [
        .. new OpenAiFault("DNS failure", "connecting", static _ => Task.CompletedTask)
        {
            Listens = false,
            Origin = "http://nobody.invalid",
        }.Both(_unreachable, Right),
        .. Tls("TLS failure", "plain HTTP where TLS should be", null, static async c =>
        {
            // What comes is the beginning of a handshake, no request.
            await c.ReadSomeAsync();
            await c.WriteAsync(WholeResponse);
        }).Both(_unreachable, Right),
        .. Tls("TLS failure", "closed in the handshake", null, static async c => await c.ReadSomeAsync()).Both(_unreachable, Right),
        .. (Tls("TLS failure", "silent in the handshake", null, static c => c.HangAsync()) with { Timeouts = "{ connect: 0.3 }" })
            .Both(_unreachable, Right),
        .. Tls("Self-signed certificate", "connecting", FaultCertificates.SelfSigned).Both(_unreachable, Right),
        .. Tls("Expired certificate", "connecting", FaultCertificates.Expired).Both(_unreachable, Right),
        .. Tls("Certificate of another host", "connecting", FaultCertificates.OfAnother).Both(_unreachable, Right),
    ];

    private static OpenAiFault Tls(string fault, string moment, X509Certificate2? certificate, Func<FaultConnection, Task>? script = null) =>
        new(fault, moment, script ?? (static async c => await c.ReadRequestAsync()))
        {
            Origin = "https://localhost",
            Backend = $"tls: {{ caFile: {FaultCertificates.AuthorityFile} }}",
            FaultCertificate = certificate,
            Certificate = FaultCertificates.Good,
        };
}
