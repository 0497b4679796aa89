using System.Globalization;
using System.Net;
using AiRouter.Admin.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Management;

public sealed class FailureThrottleTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Waits_grow_to_a_minute_and_are_forgotten()
    {
        var throttle = new FailureThrottle(_time);
        var address = IPAddress.Parse("192.0.2.1");
        var waits = new List<double>();
        for (var i = 0; i < 13; i++)
        {
            throttle.Failed(address);
            waits.Add(throttle.WaitOf(address).TotalSeconds);
        }

        Assert.Equal([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
        Assert.Equal(TimeSpan.Zero, throttle.WaitOf(IPAddress.Parse("192.0.2.2")));
        _time.Advance(TimeSpan.FromMinutes(16));
        throttle.Failed(address);
        Assert.Equal(TimeSpan.Zero, throttle.WaitOf(address));
    }

    [Fact]
    public void Right_key_makes_an_address_as_new()
    {
        var throttle = new FailureThrottle(_time);
        for (var i = 0; i < 5; i++)
        {
            throttle.Failed(IPAddress.Loopback);
        }

        throttle.Succeeded(IPAddress.Loopback);
        throttle.Failed(IPAddress.Loopback);

        Assert.Equal(TimeSpan.Zero, throttle.WaitOf(IPAddress.Loopback));
    }

    [Fact]
    public void Network_of_version_6_is_one_address()
    {
        var throttle = new FailureThrottle(_time);
        for (var i = 1; i <= 5; i++)
        {
            throttle.Failed(IPAddress.Parse($"2001:db8::{i}"));
        }

        Assert.True(throttle.WaitOf(IPAddress.Parse("2001:db8::ffff")) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, throttle.WaitOf(IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Fact]
    public void Memory_is_bounded_and_the_oldest_goes_first()
    {
        var throttle = new FailureThrottle(_time);
        for (var i = 0; i < FailureThrottle.MostAddresses + 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            throttle.Failed(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.{i / 250}.{i % 250}")));
        }

        Assert.Equal(FailureThrottle.MostAddresses, throttle.Count);
    }
}
