using System.Globalization;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Peers;

/// <summary>nginx with <c>proxy_pass</c>, one process, as an operator sets it up for streams: nothing is buffered,
/// connections are kept.</summary>
internal static class NginxPeer
{
    /// <summary>Whether it is installed.</summary>
    public static string? Program { get; } = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);

    /// <summary>Starts it.</summary>
    public static async Task<Peer> StartAsync(Stage stage, int upstream, CoreSet cores, CancellationToken cancellationToken)
    {
        var port = LoopbackPort.Free();
        var folder = Directory.CreateDirectory(Path.Combine(stage.Folder, "nginx")).FullName;
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, port, upstream), cancellationToken);
        var server = await stage.StartAsync(
            Peer.Nginx, port,
            () => PinnedStart.Of([Program!, "-c", file], cores.Text, Path.Combine(folder, "log"), new Dictionary<string, string>()),
            cancellationToken);
        return new Peer(Peer.Nginx, port, [server.ProcessId]);
    }

    // One process is the worker and its own master, so that whoever ends it leaves no worker behind.
    // 64 KiB prompts stay in memory: with nginx's defaults each would go through a file.
    private static string Configuration(string folder, int port, int upstream) => string.Create(CultureInfo.InvariantCulture, $$"""
        master_process off; daemon off; pid {{folder}}/pid; error_log {{folder}}/errors; worker_rlimit_nofile 20000;
        events { worker_connections 16384; }
        http {
          access_log {{folder}}/access;
          client_body_temp_path {{folder}}/bodies; proxy_temp_path {{folder}}/answers;
          fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
          keepalive_requests 100000000;
          upstream u { server 127.0.0.1:{{upstream}}; keepalive 2048; keepalive_requests 100000000; }
          server {
            listen 127.0.0.1:{{port}} backlog=4096; client_max_body_size 0; client_body_buffer_size 2m;
            location / {
              proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 1h;
            }
          }
        }
        """);
}
