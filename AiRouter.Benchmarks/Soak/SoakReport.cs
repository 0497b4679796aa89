using System.Globalization;
using System.Text.Json;

namespace AiRouter.Benchmarks.Soak;

/// <summary>The figures of a run, as a table and as JSON.</summary>
internal sealed class SoakReport
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly Dictionary<string, object> _figures = [];
    private readonly List<SoakCheck> _checks = [];

    /// <summary>Whether everything held.</summary>
    public bool Holds => _checks.All(c => c.Holds is not false);

    /// <summary>Adds a figure, or a text.</summary>
    public void Figure(string name, object value) => _figures[name] = value;

    /// <summary>Adds what had to hold.</summary>
    public void Check(SoakCheck check) => _checks.Add(check);

    /// <summary>Adds several.</summary>
    public void Check(IEnumerable<SoakCheck> checks) => _checks.AddRange(checks);

    /// <summary>Writes the table.</summary>
    public void Print(TextWriter output)
    {
        foreach (var (name, value) in _figures)
        {
            if (value is IEnumerable<KeyValuePair<string, int>> counts)
            {
                output.WriteLine(name);
                foreach (var (what, count) in counts.OrderByDescending(c => c.Value))
                {
                    output.WriteLine($"  {count,9}  {what}");
                }
            }
            else if (value is IEnumerable<KeyValuePair<string, double>> numbers)
            {
                output.WriteLine($"{name,-28} {string.Join(", ", numbers.Select(n => $"{n.Key} {Text(n.Value)}"))}");
            }
            else
            {
                output.WriteLine($"{name,-28} {(value is double number ? Text(number) : value)}");
            }
        }

        output.WriteLine();
        foreach (var check in _checks)
        {
            output.WriteLine($"{(check.Holds switch { true => "ok", false => "FAILED", null => "too short" }),-10} {check.Name,-18} {check.Found}");
        }

        output.WriteLine();
        output.WriteLine(Holds ? "The soak holds." : "The soak FAILED.");
    }

    /// <summary>Writes them as JSON.</summary>
    public Task WriteAsync(string file) => File.WriteAllTextAsync(
        file, JsonSerializer.Serialize(new { holds = Holds, figures = _figures, checks = _checks }, Json));

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
