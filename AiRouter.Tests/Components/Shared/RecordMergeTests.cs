using AiRouter.Admin.Components.Shared.Comparing;

namespace AiRouter.Tests.Components.Shared;

public sealed class RecordMergeTests
{
    private const string Began = """{"a":1,"b":{"c":2,"d":3},"e":[1,2]}""";

    // The other's record, one's own, and both in one.
    [Theory]
    [InlineData("""{"a":9,"b":{"c":2,"d":3},"e":[1,2]}""", """{"a":1,"b":{"c":2,"d":8},"e":[1,2]}""", """{"a":9,"b":{"c":2,"d":8},"e":[1,2]}""")]
    [InlineData("""{"a":1,"b":{"c":9,"d":3},"e":[1,2]}""", """{"a":1,"b":{"c":2,"d":8},"e":[1,2]}""", """{"a":1,"b":{"c":9,"d":8},"e":[1,2]}""")]
    [InlineData("""{"a":1,"e":[1,2]}""", """{"a":1,"b":{"c":2,"d":3},"e":[1,2],"f":"ü"}""", """{"a":1,"e":[1,2],"f":"ü"}""")]
    [InlineData("""{"a":1,"b":{"c":2,"d":3},"e":[3]}""", """{"b":{"c":2,"d":3},"e":[3]}""", """{"b":{"c":2,"d":3},"e":[3]}""")]
    [InlineData(Began, """{"a":7}""", """{"a":7}""")]
    public void Changes_of_different_fields_become_one(string now, string wanted, string merged)
    {
        var merge = RecordMerge.Of(Began, now, wanted);

        Assert.Equal(merged, merge.Json);
        Assert.Empty(merge.Overlaps);
    }

    [Theory]
    [InlineData("""{"a":2,"b":{"c":2,"d":3},"e":[1,2]}""", """{"a":3,"b":{"c":2,"d":3},"e":[1,2]}""", "a")]
    [InlineData("""{"a":1,"b":{"c":9,"d":3},"e":[1]}""", """{"a":1,"b":{"c":8,"d":3},"e":[2]}""", "b.c e")]
    [InlineData("""{"a":1,"e":[1,2]}""", """{"a":1,"b":{"c":2,"d":8},"e":[1,2]}""", "b")]
    public void Changes_of_the_same_field_are_told_and_nothing_is_merged(string now, string wanted, string overlaps)
    {
        var merge = RecordMerge.Of(Began, now, wanted);

        Assert.Null(merge.Json);
        Assert.Equal(overlaps.Split(' '), merge.Overlaps);
    }

    [Fact]
    public void Conflict_of_json_is_shown_as_yaml()
    {
        var conflict = Conflict.OfJson("The model \"m\"", """{"a":1,"b":2}""", """{"a":9,"b":2}""", """{"a":1,"b":7}""");

        Assert.Equal("a: 1\nb: 7\n", conflict.Wanted);
        Assert.Equal("""{"a":9,"b":7}""", conflict.Merged);
    }

    [Fact]
    public void Record_of_nothing_but_defaults_is_an_empty_text() => Assert.Equal("", Conflict.OfJson("It", "{}", "{}", "{}").Began);

    [Fact]
    public void Record_that_was_removed_meanwhile_cannot_be_merged()
    {
        var conflict = Conflict.OfJson("The model \"m\"", "{}", null, """{"a":1}""");

        Assert.Null(conflict.Merged);
        Assert.Null(conflict.Now);
    }
}
