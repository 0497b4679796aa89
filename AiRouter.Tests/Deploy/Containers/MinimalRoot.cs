using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>A root folder with the libraries that .NET loads and nothing else: no shell, no other program. A program runs in it as in its
/// container: as the images' user, without capabilities, with everything read-only but <see cref="Data"/>.</summary>
internal sealed partial class MinimalRoot : IDisposable
{
    private const string Search = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // The mounts are seen by this process alone, and are gone with it.
    private const string Enter = """
        set -e
        root=$1 dotnet=$2 user=$3
        shift 3
        mount --bind "$root" "$root"
        chown "$user:$user" "$root/data"
        mount --rbind /proc "$root/proc"
        for device in null random urandom zero; do : > "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
        mount --bind "$root/data" "$root/data"
        if [ -n "$dotnet" ]; then mount --bind "$dotnet" "$root/usr/share/dotnet"; mount -o remount,bind,ro "$root/usr/share/dotnet"; fi
        mount -o remount,bind,ro "$root"
        exec setpriv --no-new-privs chroot --userspec="$user:$user" --groups="$user" "$root" "$@"
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("airouter-root-").FullName;
    private readonly string _dotnet;

    private MinimalRoot(bool hasRuntime)
    {
        _dotnet = hasRuntime ? Publishing.DotnetFolder : "";
        foreach (var folder in new[] { "app", "config", "data", "dev", "etc", "proc", "secrets", "tmp", "usr/share/dotnet" })
        {
            Directory.CreateDirectory(Path.Combine(_root, folder));
        }

        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        // A temporary folder is its owner's alone; a root is everybody's.
        File.SetUnixFileMode(_root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Data, (UnixFileMode)0b111_000_000);
        File.WriteAllText(Path.Combine(_root, "etc", "passwd"), "app:x:1654:1654::/home/app:/nowhere\n");
    }

    /// <summary><c>/app</c>: what was published.</summary>
    public string App => Path.Combine(_root, "app");

    /// <summary><c>/config</c>.</summary>
    public string Config => Path.Combine(_root, "config");

    /// <summary><c>/data</c>.</summary>
    public string Data => Path.Combine(_root, "data");

    /// <summary>An empty root; the test is skipped where nobody may make one.</summary>
    /// <param name="hasRuntime">Whether .NET is in it, as in the base image.</param>
    public static async Task<MinimalRoot> CreateAsync(bool hasRuntime)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can make a root folder to run in.");
        var (status, said) = await ProgramRun.OfAsync(
            new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "mount", "--bind", "/tmp", "/tmp"]), TimeSpan.FromSeconds(60));
        Assert.SkipUnless(status == 0, $"Nothing can be mounted here: {said}");
        return new MinimalRoot(hasRuntime);
    }

    /// <summary>Puts the libraries in that are loaded by what was published, or by .NET.</summary>
    public async Task AddLibrariesAsync()
    {
        var folder = _dotnet.Length > 0 ? Path.Combine(_dotnet, "shared", "Microsoft.NETCore.App") : App;
        var native = Directory.EnumerateFiles(folder, "lib*.so", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(native);
        var (_, loaded) = await ProgramRun.OfAsync(new ProcessStartInfo("ldd", native), TimeSpan.FromSeconds(60));
        var (_, known) = await ProgramRun.OfAsync(
            new ProcessStartInfo("ldconfig", ["-p"]) { Environment = { ["PATH"] = Search } }, TimeSpan.FromSeconds(60));

        // OpenSSL is opened by name. The name service as well, by the C library.
        var named = Cached().Matches(known).Select(static m => m.Groups[1].Value);
        foreach (var library in Loaded().Matches(loaded).Select(static m => m.Groups[1].Value).Concat(named).Distinct())
        {
            var copy = _root + library;
            if (!library.StartsWith(folder, StringComparison.Ordinal) && !File.Exists(copy))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(library, copy);
            }
        }
    }

    /// <summary>How to start the program of an image in here, with the variables of the image and these.</summary>
    public ProcessStartInfo StartInfo(
        OurImage image, IEnumerable<KeyValuePair<string, string>> variables, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo("unshare")
        {
            ArgumentList =
            {
                "--mount", "--propagation", "private", "sh", "-c", Enter, "sh",
                _root, _dotnet, Wiring.Images.User.ToString(CultureInfo.InvariantCulture), image.Program,
            },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = Search;
        foreach (var (name, value) in Dockerfile.Of(image.Project).Image.Pairs("ENV").Concat(variables))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Fails unless the process is what its container would be: an ordinary user without rights, on a root that is read-only.</summary>
    public static void AssertConfined(int process)
    {
        var status = File.ReadAllText($"/proc/{process}/status");
        Assert.Matches(@"Uid:\s+1654\s+1654\s+1654\s+1654\n", status);
        Assert.Matches(@"Gid:\s+1654\s+1654\s+1654\s+1654\n", status);
        Assert.Matches(@"CapPrm:\s+0+\n", status);
        Assert.Matches(@"NoNewPrivs:\s+1\n", status);

        // Number, parent, device, its root, where it is mounted, options.
        var mounts = File.ReadLines($"/proc/{process}/mountinfo").Select(static line => line.Split(' ')).ToList();
        Assert.StartsWith("ro", mounts.Last(static mount => mount[4] == "/")[5], StringComparison.Ordinal);
        Assert.StartsWith("rw", mounts.Last(static mount => mount[4] == "/data")[5], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [GeneratedRegex(@"(?:=> |^\s*)(/\S+) \(0x", RegexOptions.Multiline)]
    private static partial Regex Loaded();

    [GeneratedRegex(@"^\s+(?:libssl\.so\.3|libcrypto\.so\.3|libnss_files\.so\.2|libresolv\.so\.2) .*=> (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Cached();
}
