namespace AiRouter.Tests.Browser;

/// <summary>
/// Tests of pages in a browser: one at a time, after all others. Each has a Chromium, an Admin and often a router to itself, and no
/// wait of a page hangs on what else this machine does.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class BrowserTests
{
    /// <summary>The collection.</summary>
    public const string Name = "Browser";
}
