using AiRouter.Core.Keys;

namespace AiRouter.Tests.Keys;

/// <summary>Makes key records.</summary>
internal static class TestKeys
{
    /// <summary>Who does everything in tests.</summary>
    public static Change By(TimeProvider? time = null) => new((time ?? TimeProvider.System).GetUtcNow(), "tester");

    /// <summary>A new record and its secret.</summary>
    public static (KeyRecord Record, string Secret) Make(string name)
    {
        var secret = ClientKeySecret.Create();
        var record = new KeyRecord
        {
            Id = ClientKeySecret.CreateId(),
            Name = name,
            Hash = ClientKeySecret.HashOf(secret),
            Prefix = ClientKeySecret.PrefixOf(secret),
            Created = By(),
            Updated = By(),
        };
        return (record, secret);
    }

    /// <summary>Another secret for a key.</summary>
    public static (KeyRotation Rotation, string Secret) Rotate(TimeSpan overlap, TimeProvider? time = null)
    {
        var secret = ClientKeySecret.Create();
        return (new KeyRotation(ClientKeySecret.HashOf(secret), ClientKeySecret.PrefixOf(secret), overlap, By(time)), secret);
    }
}
