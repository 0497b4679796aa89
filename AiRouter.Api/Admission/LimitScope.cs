namespace AiRouter.Api.Admission;

/// <summary>What a limit is a limit of.</summary>
internal enum LimitScope
{
    /// <summary>Everything together.</summary>
    Global,

    /// <summary>A client key.</summary>
    Key,

    /// <summary>A model.</summary>
    Model,

    /// <summary>A client key's use of one model.</summary>
    KeyModel,
}
