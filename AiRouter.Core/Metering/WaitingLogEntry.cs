namespace AiRouter.Core.Metering;

/// <summary>A request on its way to the request log.</summary>
/// <param name="record">What is known of it.</param>
/// <param name="bodies">What was said, if that is kept.</param>
internal sealed class WaitingLogEntry(UsageRecord record, LoggedBodies? bodies)
{
    /// <summary>Its id in the log: by time, so that ids of one replica sort.</summary>
    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    /// <summary>What is known of it.</summary>
    public UsageRecord Record => record;

    /// <summary>What was said, if that is (still) kept.</summary>
    public LoggedBodies? Bodies { get; private set; } = bodies;

    /// <summary>Characters of the bodies.</summary>
    public int BodyLength => Bodies is null ? 0 : Bodies.Request.Length + Bodies.Response.Length;

    /// <summary>There is no room for them.</summary>
    public void DropBodies() => Bodies = null;
}
