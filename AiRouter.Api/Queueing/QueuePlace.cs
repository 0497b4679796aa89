namespace AiRouter.Api.Queueing;

/// <summary>A request's places among those of its model that are served.</summary>
/// <param name="Queue">Where they are; null: it has none.</param>
/// <param name="Places">How many: one for each choice (R13).</param>
/// <param name="Since">Since when, as a timestamp.</param>
internal readonly record struct QueuePlace(ModelQueue? Queue, int Places, long Since)
{
    /// <summary>Gives them back; once.</summary>
    public void GiveBack() => Queue?.Leave(this);
}
