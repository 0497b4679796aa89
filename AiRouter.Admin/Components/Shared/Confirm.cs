using Radzen;

namespace AiRouter.Admin.Components.Shared;

/// <summary>Asks before something is destroyed.</summary>
internal static class Confirm
{
    /// <summary>Whether whoever is asked wants it.</summary>
    /// <param name="dialogs">The page's.</param>
    /// <param name="title">What is going to happen, as a question.</param>
    /// <param name="text">What that means, and whether it can be undone.</param>
    /// <param name="action">The button's text: a verb.</param>
    public static async Task<bool> AskAsync(DialogService dialogs, string title, string text, string action) =>
        await dialogs.Confirm(text, title, new ConfirmOptions { OkButtonText = action, CancelButtonText = "Cancel" }) == true;
}
