namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>What <c>loop</c> tells.</summary>
internal enum LoopAttribute
{
    Index,
    Index0,
    RevIndex,
    RevIndex0,
    First,
    Last,
    Length,
    PrevItem,
    NextItem,
    Depth,
    Depth0,
    Cycle,
    Changed,
}
