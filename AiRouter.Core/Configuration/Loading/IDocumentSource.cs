namespace AiRouter.Core.Configuration.Loading;

/// <summary>Where the document comes from: a file, the store, or a file that rules the store.</summary>
internal interface IDocumentSource
{
    /// <summary>Whether it can never say anything else.</summary>
    bool IsFixed { get; }

    /// <summary>The document as it is now; null: nothing is known yet. It is asked every second, so it waits for nobody.</summary>
    ConfigurationDocument? Read();

    /// <summary>What to serve when there is nothing to serve and <see cref="Read"/> has problems; null: nothing.</summary>
    ConfigurationDocument? Fallback { get; }

    /// <summary>Calls back when <see cref="Read"/> is known to say something else; what is not told is found by looking.</summary>
    void OnChange(Action changed);

    /// <summary>A document that it gave is served from now on.</summary>
    /// <param name="document">The document.</param>
    /// <param name="load">What was made of it.</param>
    void Serves(ConfigurationDocument document, ConfigurationLoad load);
}
