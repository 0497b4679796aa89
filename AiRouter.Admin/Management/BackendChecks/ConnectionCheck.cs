using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>The first steps of a check: address, connection, TLS. Nothing but TLS's own greetings is sent.</summary>
internal sealed class ConnectionCheck(CheckSteps steps, TimeProvider time)
{
    private const int MostNames = 20;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private readonly Uri _url = steps.Config.Url;

    /// <summary>The certificate that the server showed.</summary>
    public CertificateView? Certificate { get; private set; }

    /// <summary>Whether what comes next can be tried.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await AddressAsync(cancellationToken);
        if (steps.HasFailed || await ConnectAsync(cancellationToken) is not { } stream)
        {
            return false;
        }

        await using (stream)
        {
            return _url.Scheme != "https" || await SecureAsync(stream, cancellationToken);
        }
    }

    private async Task AddressAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var deadline = Deadline(cancellationToken);
        try
        {
            var found = await steps.Connector.ResolveAsync(_url.IdnHost, _url.Port, deadline.Token);
            var addresses = string.Join(", ", found.Select(static e => e.Address.ToString()).Distinct().Take(4));
            var text = addresses == _url.Host ? $"{addresses} may be asked." : $"{_url.Host} is {addresses}.";
            steps.Pass(CheckStepKind.Address, text, CheckSteps.Since(started));
        }
        catch (AddressRefusedException refused)
        {
            steps.Fail(CheckStepKind.Address, refused.Message, "Give the address of the server itself.");
        }
        catch (SocketException)
        {
            steps.Fail(
                CheckStepKind.Address,
                $"The name {_url.Host} has no address where Admin runs.",
                "Look at its spelling. A name that only the routers' network knows cannot be tried from here.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            steps.Fail(CheckStepKind.Address, $"The name service did not answer within {CheckSteps.Deadline.TotalSeconds:0} s.");
        }
    }

    private async Task<Stream?> ConnectAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var deadline = Deadline(cancellationToken);
        try
        {
            var stream = await steps.Connector.ConnectAsync(new DnsEndPoint(_url.IdnHost, _url.Port), deadline.Token);
            steps.Pass(CheckStepKind.Connection, $"Port {_url.Port} is open.", CheckSteps.Since(started));
            return stream;
        }
        catch (SocketException failure)
        {
            var (text, mend) = failure.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => (
                    $"Nobody listens on port {_url.Port} of {_url.Host}.", $"Is the server running, and is the port right? {UsualPort}"),
                SocketError.HostUnreachable or SocketError.NetworkUnreachable => (
                    $"There is no way from here to {_url.Host}.", "Admin may be in another network than the routers."),
                _ => ($"{_url.Host} did not accept a connection ({failure.SocketErrorCode}).", "Is a firewall between Admin and the server?"),
            };
            steps.Fail(CheckStepKind.Connection, text, mend.TrimEnd());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            steps.Fail(
                CheckStepKind.Connection,
                $"{_url.Host} did not accept a connection on port {_url.Port} within {CheckSteps.Deadline.TotalSeconds:0} s.",
                "Is a firewall between Admin and the server?");
        }

        return null;
    }

    private string UsualPort => steps.Config.Kind == BackendKind.Triton && _url.Port != 8001 ? "Triton's gRPC is usually on port 8001." : "";

    private async Task<bool> SecureAsync(Stream stream, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var deadline = Deadline(cancellationToken);
        var errors = SslPolicyErrors.None;
        var chainStatus = X509ChainStatusFlags.NoError;
        X509Certificate2? shown = null;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _url.IdnHost,

            // Judged below: nothing is sent on this connection.
            RemoteCertificateValidationCallback = (_, certificate, chain, found) =>
            {
                errors = found;
                shown = certificate is null ? null : new X509Certificate2(certificate);
                chainStatus = chain?.ChainStatus.Aggregate(chainStatus, static (all, one) => all | one.Status) ?? chainStatus;
                return true;
            },
        };
        if (steps.Config.Kind == BackendKind.Triton)
        {
            options.ApplicationProtocols = [SslApplicationProtocol.Http2];
        }

        try
        {
            TlsFiles.Apply(steps.Config.Tls, options);
            await using var ssl = new SslStream(stream, leaveInnerStreamOpen: true);
            await ssl.AuthenticateAsClientAsync(options, deadline.Token);
            Certificate = shown is null ? null : View(shown, ssl.SslProtocol);
            if (steps.Config.Kind == BackendKind.Triton && ssl.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            {
                steps.Fail(
                    CheckStepKind.Tls, "The server speaks TLS, but no HTTP/2, which gRPC needs.", "A proxy in front of Triton must allow HTTP/2.");
                return false;
            }

            return Judge(errors, chainStatus, CheckSteps.Since(started));
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException
            or CryptographicException)
        {
            steps.Warn(
                CheckStepKind.Tls,
                "The files of tls cannot be read where Admin runs, so nothing further was tried.",
                "Routers read them where they are; mount them for Admin too to try the backend from here.");
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            steps.Fail(
                CheckStepKind.Tls,
                "TLS could not be agreed.",
                steps.Config.Tls?.CertificateFile is null
                    ? "Does the server speak TLS on this port? If not, the URL begins with http://. If it wants a client certificate, name one in tls."
                    : "Does the server speak TLS on this port, and does it accept the client certificate?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            steps.Fail(
                CheckStepKind.Tls,
                $"TLS was not agreed within {CheckSteps.Deadline.TotalSeconds:0} s.",
                "Does the server speak TLS on this port? If not, the URL begins with http://.");
        }
        finally
        {
            shown?.Dispose();
        }

        return false;
    }

    private bool Judge(SslPolicyErrors errors, X509ChainStatusFlags chain, double milliseconds)
    {
        if (Certificate is not { } certificate)
        {
            steps.Fail(CheckStepKind.Tls, "The server showed no certificate.");
            return false;
        }

        var now = time.GetUtcNow();
        var until = certificate.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (certificate.To <= now || certificate.From > now)
        {
            steps.Fail(
                CheckStepKind.Tls,
                certificate.To <= now ? $"The certificate ended on {until}." : $"The certificate begins on {certificate.From:yyyy-MM-dd} only.",
                "Have it renewed, or set the clock right.");
        }
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            steps.Fail(
                CheckStepKind.Tls,
                $"The certificate is not for {_url.Host}, but for {string.Join(", ", certificate.Names.DefaultIfEmpty(certificate.Subject))}.",
                $"Use that name in the URL, or have the certificate made for {_url.Host} too.");
        }
        else if (errors != SslPolicyErrors.None)
        {
            var isOwn = certificate.Subject == certificate.Issuer;
            steps.Fail(
                CheckStepKind.Tls,
                chain.HasFlag(X509ChainStatusFlags.Revoked) ? "The certificate was revoked."
                    : isOwn ? "The certificate is signed by nobody but itself."
                    : $"The certificate is signed by {certificate.Issuer}, which is not trusted here.",
                "Put the authority's certificate into a PEM file, and name it in tls.caFile.");
        }
        else if (certificate.To - now < Soon)
        {
            steps.Warn(CheckStepKind.Tls, $"{certificate.Protocol}; the certificate ends soon, on {until}.", "Have it renewed.");
        }
        else
        {
            steps.Pass(CheckStepKind.Tls, $"{certificate.Protocol}; the certificate is right, and ends on {until}.", milliseconds);
        }

        return !steps.HasFailed;
    }

    private static CertificateView View(X509Certificate2 certificate, SslProtocols protocol)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return new CertificateView(
            certificate.Subject,
            certificate.Issuer,
            names is null ? [] : [.. names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(static a => a.ToString())).Take(MostNames)],
            certificate.NotBefore.ToUniversalTime(),
            certificate.NotAfter.ToUniversalTime(),
            certificate.GetCertHashString(HashAlgorithmName.SHA256),
            protocol switch
            {
                SslProtocols.Tls12 => "TLS 1.2",
                SslProtocols.Tls13 => "TLS 1.3",
                _ => protocol.ToString(),
            });
    }

    private CancellationTokenSource Deadline(CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var own = TimeSpan.FromSeconds(steps.Config.Timeouts.Connect);
        deadline.CancelAfter(own < CheckSteps.Deadline ? own : CheckSteps.Deadline);
        return deadline;
    }
}
