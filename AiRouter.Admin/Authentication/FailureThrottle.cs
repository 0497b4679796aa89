using System.Net;
using System.Net.Sockets;

namespace AiRouter.Admin.Authentication;

/// <summary>
/// Slows down whoever guesses: after a few wrong keys from an address each further try has to wait, longer each time. What is
/// remembered is bounded; an IPv6 network (/64) counts as one address.
/// </summary>
internal sealed class FailureThrottle(TimeProvider time)
{
    /// <summary>Wrong keys that cost nothing.</summary>
    internal const int FreeFailures = 5;

    /// <summary>The most addresses that are remembered.</summary>
    internal const int MostAddresses = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Failures> _byAddress = [];

    /// <summary>How many addresses are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _byAddress.Count;
            }
        }
    }

    /// <summary>How long an address has to wait before its key is looked at; zero: not at all.</summary>
    public TimeSpan WaitOf(IPAddress? address)
    {
        lock (_gate)
        {
            return _byAddress.TryGetValue(Network(address), out var failures) && failures.Until > time.GetUtcNow()
                ? failures.Until - time.GetUtcNow()
                : TimeSpan.Zero;
        }
    }

    /// <summary>Notes a wrong key.</summary>
    public void Failed(IPAddress? address)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var network = Network(address);
            var count = _byAddress.TryGetValue(network, out var before) && before.Last > now - Forgotten ? before.Count + 1 : 1;
            var wait = count < FreeFailures
                ? TimeSpan.Zero
                : TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(count - FreeFailures, 20))));
            if (_byAddress.Count >= MostAddresses && !_byAddress.ContainsKey(network))
            {
                MakeRoom(now);
            }

            _byAddress[network] = new Failures(count, now, now + wait);
        }
    }

    /// <summary>Forgets an address: it had a right key.</summary>
    public void Succeeded(IPAddress? address)
    {
        lock (_gate)
        {
            _byAddress.Remove(Network(address));
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (address, _) in _byAddress.Where(f => f.Value.Last <= now - Forgotten).ToList())
        {
            _byAddress.Remove(address);
        }

        if (_byAddress.Count >= MostAddresses)
        {
            _byAddress.Remove(_byAddress.MinBy(static f => f.Value.Last).Key);
        }
    }

    private static IPAddress Network(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Failures(int Count, DateTimeOffset Last, DateTimeOffset Until);
}
