namespace AiRouter.Prompting.Outputs.Reading;

/// <summary>What a look at the text that is there told.</summary>
internal enum Step
{
    /// <summary>Not decided: the next piece must tell.</summary>
    More,

    /// <summary>It is there, and was read.</summary>
    Yes,

    /// <summary>It is not there; nothing of it was read.</summary>
    No,
}

/// <summary>A parser waits here for the next piece of the answer.</summary>
internal readonly struct Pause;
