using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Configuration;

/// <summary>What routers' environments lock in a section.</summary>
internal static class SectionLocks
{
    /// <summary>The locked fields by path in the section, and why.</summary>
    public static IReadOnlyList<(string Path, string Text)> Of(IReadOnlyList<FieldLock> locks, string section) =>
    [
        .. from field in locks
           let path = DocumentPath.Inside(field.Path, section)
           where path is { Length: > 0 }
           select (path, $"set by {field.Variable} in the environment of {string.Join(", ", field.Hosts)}: change it there."),
    ];
}
