package org.countersign.support.network;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the networks of a long list that contain an address. It looks up one prefix for each length that the list has,
 * whatever the number of networks.
 */
public final class NetworkIndex {

    /** The first bits of an address. Further bits are zero. */
    private record Prefix(byte[] bytes, int length) {

        static Prefix of(byte[] address, int length) {
            int wholeBytes = length / Byte.SIZE;
            int bits = length % Byte.SIZE;
            byte[] bytes = new byte[address.length];
            System.arraycopy(address, 0, bytes, 0, wholeBytes);
            if (bits > 0) {
                bytes[wholeBytes] = (byte) (address[wholeBytes] & 0xff << (Byte.SIZE - bits));
            }
            return new Prefix(bytes, length);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Prefix prefix && prefix.length == length && Arrays.equals(prefix.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(bytes) + length;
        }
    }

    private final List<String> texts;
    /** The place of each network in the list. */
    private final Map<Prefix, Integer> places = new HashMap<>();
    /** The lengths of prefixes in the list, by the number of bytes of an address. */
    private final Map<Integer, int[]> lengths = new HashMap<>();

    private NetworkIndex(List<String> texts) {
        this.texts = texts;
    }

    /**
     * Prepares a list.
     *
     * @param variable the name of the list, for the error
     * @param networks networks in CIDR notation
     * @throws IllegalArgumentException if an entry is not a network
     */
    public static NetworkIndex parse(String variable, List<String> networks) {
        NetworkIndex index = new NetworkIndex(List.copyOf(networks));
        for (int place = 0; place < networks.size(); place++) {
            NetworkList.Network network =
                    NetworkList.network(variable, networks.get(place).strip());
            byte[] address = network.address();
            int length = network.prefixLength();
            index.places.putIfAbsent(Prefix.of(address, length), place);
            int[] known = index.lengths.getOrDefault(address.length, new int[0]);
            if (Arrays.stream(known).noneMatch(other -> other == length)) {
                int[] more = Arrays.copyOf(known, known.length + 1);
                more[known.length] = length;
                index.lengths.put(address.length, more);
            }
        }
        return index;
    }

    /** Returns the first network of the list that contains an address, as it stands there. */
    public Optional<String> find(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = texts.size();
        for (int length : lengths.getOrDefault(bytes.length, new int[0])) {
            first = Math.min(first, places.getOrDefault(Prefix.of(bytes, length), first));
        }
        return first == texts.size() ? Optional.empty() : Optional.of(texts.get(first));
    }
}
