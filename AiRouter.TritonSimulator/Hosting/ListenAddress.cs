using System.Net;

namespace AiRouter.TritonSimulator.Hosting;

/// <summary>Reads where to listen from <c>--urls</c> or ASPNETCORE_URLS: one http address.</summary>
internal static class ListenAddress
{
    public static IPEndPoint Parse(string url)
    {
        var address = BindingAddress.Parse(url);
        var host = address.Host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "+" => IPAddress.Any,
            var name => IPAddress.Parse(name.Trim('[', ']')),
        };
        return new IPEndPoint(host, address.Port);
    }
}
