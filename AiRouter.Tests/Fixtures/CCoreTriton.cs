using System.Diagnostics;
using System.Globalization;

namespace AiRouter.Tests.Fixtures;

/// <summary>
/// The gRPC server of <c>ccore_server.py</c>: the same protocol on another gRPC, in another language, with no code of ours. Its
/// models are a strict "ensemble" (TensorRT-LLM v0.20; the prompt "… say one two" answers "one two", "endless" goes on to
/// max_tokens, "fail" fails) and "embed" (input "text", 8 dimensions, batches up to 16).
/// </summary>
internal sealed class CCoreTriton : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private CCoreTriton(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens: h2c on a free loopback port.</summary>
    public Uri Address { get; }

    /// <summary>Starts one; skips the test where Debian's python3-grpcio is not installed.</summary>
    public static async Task<CCoreTriton> StartAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not there: install python3, python3-grpcio and python3-protobuf.");
        var process = Process.Start(new ProcessStartInfo(Python)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Fixtures", "ccore_server.py") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{Python} does not start.");

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        var line = await process.StandardOutput.ReadLineAsync(deadline.Token);
        if (line is null)
        {
            var error = await process.StandardError.ReadToEndAsync(deadline.Token);
            process.Dispose();
            Assert.SkipWhen(
                error.Contains("No module named", StringComparison.Ordinal),
                $"{Python} lacks a module: install python3-grpcio and python3-protobuf. {error.Split('\n')[^2]}");
            throw new InvalidOperationException(error);
        }

        // Read on, so that the process never waits for a full pipe.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var port = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        return new CCoreTriton(process, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
