using System.Security.Cryptography;
using System.Text;
using AiRouter.Core.Administration;

namespace AiRouter.Admin.Authentication;

/// <summary>
/// Which role somebody has whom others authenticated (R44): <c>admin=platform,ann@example.com;editor=ml-team;viewer=*</c>. Names are
/// compared exactly, <c>*</c> is everybody, and whoever is not named has no role and is refused. A comma, a semicolon or a backslash of
/// a name is written with a backslash in front.
/// </summary>
internal sealed class RoleMapping
{
    private const string Everybody = "*";
    private const string Bodies = "readBodies";

    private readonly List<(AdminRole Role, HashSet<string> Names)> _roles = [];
    private readonly HashSet<string> _readers = new(StringComparer.Ordinal);

    private RoleMapping(string text) =>
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    /// <summary>Differs between mappings, so that a session of another one is known.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads a mapping.</summary>
    /// <param name="variable">Where it stands, for the problem.</param>
    /// <param name="text">The mapping.</param>
    /// <returns>It, or what is wrong with it.</returns>
    public static (RoleMapping? Mapping, string? Problem) Parse(string variable, string text)
    {
        var mapping = new RoleMapping(text);
        foreach (var part in Split(text, ';'))
        {
            var equals = part.IndexOf('=');
            var (name, values) = equals < 0 ? (part.Trim(), []) : (part[..equals].Trim(), Values(part[(equals + 1)..]));
            var isRole = Enum.TryParse<AdminRole>(name, ignoreCase: true, out var role) && !char.IsAsciiDigit(name[0]);
            if (values.Count == 0 || (!isRole && !name.Equals(Bodies, StringComparison.OrdinalIgnoreCase)))
            {
                return (null, $"{variable}: \"{part.Trim()}\" is no ROLE=NAME,NAME with the role viewer, editor, admin or {Bodies}, such as " +
                    "admin=platform-team,ann@example.com;viewer=*");
            }

            if (isRole)
            {
                mapping._roles.Add((role, values));
            }
            else
            {
                mapping._readers.UnionWith(values);
            }
        }

        return mapping._roles.Count > 0
            ? (mapping, null)
            : (null, $"{variable} gives nobody a role: such as admin=platform-team,ann@example.com;viewer=*");
    }

    /// <summary>The highest role that the names of somebody have; null: none.</summary>
    public (AdminRole Role, bool ReadsBodies)? RoleOf(IReadOnlyCollection<string> names)
    {
        AdminRole? highest = null;
        foreach (var (role, members) in _roles)
        {
            if ((highest is null || role > highest) && Has(members, names))
            {
                highest = role;
            }
        }

        return highest is { } found ? (found, Has(_readers, names)) : null;
    }

    private static bool Has(HashSet<string> members, IReadOnlyCollection<string> names) =>
        members.Contains(Everybody) || names.Any(members.Contains);

    private static HashSet<string> Values(string text) => Split(text, ',')
        .Select(static v => Unescape(v.Trim()))
        .Where(static v => v.Length > 0)
        .ToHashSet(StringComparer.Ordinal);

    // Separators behind a backslash do not separate; the backslashes stay for the next step.
    private static List<string> Split(string text, char separator)
    {
        List<string> parts = [];
        var part = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == separator)
            {
                parts.Add(part.ToString());
                part.Clear();
                continue;
            }

            part.Append(text[i]);
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                part.Append(text[++i]);
            }
        }

        parts.Add(part.ToString());
        return [.. parts.Where(static p => !string.IsNullOrWhiteSpace(p))];
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
        }

        return plain.ToString();
    }
}
