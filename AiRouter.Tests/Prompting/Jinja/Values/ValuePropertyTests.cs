using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Library;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;
using FsCheck.Xunit;

namespace AiRouter.Tests.Prompting.Jinja.Values;

/// <summary>What holds of all values.</summary>
[Properties(Arbitrary = [typeof(AnyValue)])]
public sealed class ValuePropertyTests
{
    [Property(MaxTest = 500)]
    public void Slice_is_what_Python_defines(int length, int? start, int? stop, int? step)
    {
        var items = Enumerable.Range(0, Math.Abs(length % 12)).ToArray();
        var text = string.Concat(items.Select(i => char.ConvertFromUtf32(0x1F600 + i)));
        var values = JinjaValue.List([.. items.Select(i => JinjaValue.From(i))]);
        step = step == 0 ? null : step;
        var expected = Defined(items.Length, start, stop, step ?? 1).ToArray();

        var (from, to, by) = (Bound(start), Bound(stop), Bound(step));
        var list = Slices.Slice(values, from, to, by, new FreeRun());
        var characters = Slices.Slice(JinjaValue.From(text), from, to, by, new FreeRun());

        Assert.Equal($"[{string.Join(", ", expected)}]", list.ToString());
        Assert.Equal(string.Concat(expected.Select(i => char.ConvertFromUtf32(0x1F600 + i))), characters.ToString());
    }

    [Property(MaxTest = 300)]
    public void Json_of_a_value_reads_back_as_the_value(JinjaValue value)
    {
        var json = Filter("tojson", value).ToString();
        using var document = JsonDocument.Parse(json);

        Assert.Equal(value, JinjaValue.FromJson(document.RootElement));
    }

    [Property(MaxTest = 300)]
    public void Ascii_json_of_a_value_reads_back_as_the_value(JinjaValue value)
    {
        JinjaFilters.TryGet("tojson", out var filter);
        var arguments = new JinjaCall(
            new FreeRun(), [], ["ensure_ascii", "indent"], [JinjaValue.True, JinjaValue.From(1)]);
        var json = filter!(value, arguments).ToString();
        using var document = JsonDocument.Parse(json);

        Assert.True(Ascii.IsValid(json));
        Assert.Equal(value, JinjaValue.FromJson(document.RootElement));
    }

    [Property(MaxTest = 300)]
    public void Repr_of_a_value_is_an_expression_of_the_value(JinjaValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        var source = $"{{{{ ({PythonText.Repr(value, new FreeRun())}) == x }}}}";

        JinjaTemplate.Parse(source, "repr").Render(new JinjaDict().Set("x", value), output, JinjaOptions.Default);

        Assert.Equal("True", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Property(MaxTest = 300)]
    public void Utf8_text_is_the_text(JinjaValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        PythonText.Write(value, output, new FreeRun());

        Assert.Equal(PythonText.Str(value, new FreeRun()), Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Property(MaxTest = 1000)]
    public void Float_text_reads_back_as_the_float(long bits)
    {
        var value = BitConverter.Int64BitsToDouble(bits);
        var text = PythonFloat.Text(value);

        Assert.Equal(value, Conversion.TryReadFloat(text, out var read) ? read : throw new FormatException(text));
    }

    [Property(MaxTest = 300)]
    public void Fixed_digits_of_a_decimal_are_the_decimal(int units, byte places)
    {
        var decimals = places % 6;
        var number = (decimal)Math.Abs((long)units) / (decimal)Math.Pow(10, decimals);

        Assert.Equal(
            number.ToString($"F{decimals}", CultureInfo.InvariantCulture), FloatDigits.Fixed((double)number, decimals));
    }

    [Property(MaxTest = 200)]
    public void Sort_is_stable_and_in_order(int[] numbers)
    {
        var keys = Array.ConvertAll(numbers, n => JinjaValue.From(n % 5));
        var positions = Enumerable.Range(0, numbers.Length).ToArray();
        PythonSort.Sort(keys, positions, isReversed: false, new FreeRun());
        Assert.Equal(Enumerable.Range(0, numbers.Length).OrderBy(i => numbers[i] % 5), positions);

        keys = Array.ConvertAll(numbers, n => JinjaValue.From(n % 5));
        positions = [.. Enumerable.Range(0, numbers.Length)];
        PythonSort.Sort(keys, positions, isReversed: true, new FreeRun());
        Assert.Equal(Enumerable.Range(0, numbers.Length).OrderByDescending(i => numbers[i] % 5), positions);
    }

    [Property(MaxTest = 200)]
    public void Dictionary_keeps_the_last_value_in_the_first_place(byte[] keys)
    {
        var dict = new JinjaDict();
        var expected = new List<(int Key, int Value)>();
        for (var i = 0; i < keys.Length; i++)
        {
            // Numbers that are equal in Python, whatever their type, are one key.
            var number = keys[i] % 25;
            var key = (keys[i] / 25 % 3) switch
            {
                0 => JinjaValue.From(number),
                1 => JinjaValue.From((double)number),
                _ when number < 2 => JinjaValue.From(number == 1),
                _ => JinjaValue.From(number),
            };
            dict.Set(key, JinjaValue.From(i));
            var place = expected.FindIndex(e => e.Key == number);
            if (place < 0)
            {
                expected.Add((number, i));
            }
            else
            {
                expected[place] = (number, i);
            }
        }

        Assert.Equal(expected.Count, dict.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(JinjaValue.From(expected[i].Key), dict.Entries[i].Key);
            Assert.True(dict.TryGetValue(JinjaValue.From(expected[i].Key), out var value));
            Assert.Equal(JinjaValue.From(expected[i].Value), value);
        }
    }

    [Property(MaxTest = 300)]
    public void Equal_values_have_equal_hashes(JinjaValue left, JinjaValue right)
    {
        Assert.True(left.Equals(left));
        Assert.True(!left.Equals(right) || left.GetHashCode() == right.GetHashCode());
    }

    private static IEnumerable<int> Defined(int length, int? start, int? stop, int step)
    {
        // As the reference of Python's language defines it: https://docs.python.org/3/library/stdtypes.html, note 5.
        var (lowest, highest) = step > 0 ? (0, length) : (-1, length - 1);
        int At(int? index, int otherwise) =>
            index is { } i ? Math.Clamp(i < 0 ? i + length : i, lowest, Math.Max(lowest, highest)) : otherwise;

        var end = At(stop, step > 0 ? highest : lowest);
        for (long i = At(start, step > 0 ? lowest : highest); step > 0 ? i < end : i > end; i += step)
        {
            yield return (int)i;
        }
    }

    private static JinjaValue Bound(int? value) => value is { } number ? JinjaValue.From(number) : JinjaValue.None;

    private static JinjaValue Filter(string name, in JinjaValue value)
    {
        JinjaFilters.TryGet(name, out var filter);
        return filter!(value, new JinjaCall(new FreeRun(), []));
    }
}
