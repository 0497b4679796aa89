using AiRouter.Admin.Management.Failures;
using Radzen;

namespace AiRouter.Admin.Components.Shared;

/// <summary>Short messages about what was done.</summary>
internal static class Toasts
{
    private const double Milliseconds = 6000;

    /// <summary>It was done.</summary>
    public static void Done(this NotificationService notifications, string text) =>
        notifications.Notify(NotificationSeverity.Success, text, duration: Milliseconds);

    /// <summary>It was not.</summary>
    public static void Failed(this NotificationService notifications, ManagementFailure failure) =>
        notifications.Notify(NotificationSeverity.Error, "Not done", failure.Detail, Milliseconds);
}
