using System.Globalization;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Admission;

/// <summary>
/// Ids of reservations, each used once for ever: 128 random bits of this process, and a number. They are no secret; random ones for each
/// request would cost a call to the system each.
/// </summary>
internal static class ReservationIds
{
    private static readonly string _process = RequestIds.New();
    private static long _count;

    /// <summary>One that nobody has had.</summary>
    public static string Next() => string.Create(
        CultureInfo.InvariantCulture, stackalloc char[40], $"{_process}-{Interlocked.Increment(ref _count):x}");
}
