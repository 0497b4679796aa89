namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>The version of this checkout: of the chart, and the tag of our images.</summary>
internal static class PublishedVersion
{
    /// <summary>As in <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(PublishedVersion).Assembly.GetName().Version!.ToString(3);
}
