package org.arrownpz.spark.internal.scala212;

import java.util.List;
import java.util.Map;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.mutable.Buffer;

/** Stands for {@code scala.jdk.javaapi.CollectionConverters}, which Scala 2.12 lacks. */
public final class CollectionConverters {
    private CollectionConverters() {}

    /** A view. */
    public static <T> List<T> asJava(Seq<T> seq) {
        return JavaConverters.seqAsJavaList(seq);
    }

    /** A view. */
    public static <K, V> Map<K, V> asJava(scala.collection.Map<K, V> map) {
        return JavaConverters.mapAsJavaMap(map);
    }

    /** A view. */
    public static <T> Buffer<T> asScala(List<T> list) {
        return JavaConverters.asScalaBuffer(list);
    }
}
