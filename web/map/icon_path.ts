import activity from '@tabler/icons/outline/activity.svg?raw';
import alertTriangle from '@tabler/icons/outline/alert-triangle.svg?raw';
import armchair from '@tabler/icons/outline/armchair.svg?raw';
import basket from '@tabler/icons/outline/basket.svg?raw';
import bed from '@tabler/icons/outline/bed.svg?raw';
import briefcase from '@tabler/icons/outline/briefcase.svg?raw';
import building from '@tabler/icons/outline/building.svg?raw';
import buildingStore from '@tabler/icons/outline/building-store.svg?raw';
import bulb from '@tabler/icons/outline/bulb.svg?raw';
import bulbOff from '@tabler/icons/outline/bulb-off.svg?raw';
import car from '@tabler/icons/outline/car.svg?raw';
import cashOff from '@tabler/icons/outline/cash-off.svg?raw';
import cloudRain from '@tabler/icons/outline/cloud-rain.svg?raw';
import coffee from '@tabler/icons/outline/coffee.svg?raw';
import droplet from '@tabler/icons/outline/droplet.svg?raw';
import droplets from '@tabler/icons/outline/droplets.svg?raw';
import fileCertificate from '@tabler/icons/outline/file-certificate.svg?raw';
import fish from '@tabler/icons/outline/fish.svg?raw';
import handStop from '@tabler/icons/outline/hand-stop.svg?raw';
import heartHandshake from '@tabler/icons/outline/heart-handshake.svg?raw';
import heartbeat from '@tabler/icons/outline/heartbeat.svg?raw';
import id from '@tabler/icons/outline/id.svg?raw';
import leaf from '@tabler/icons/outline/leaf.svg?raw';
import mapPin from '@tabler/icons/outline/map-pin.svg?raw';
import medicalCross from '@tabler/icons/outline/medical-cross.svg?raw';
import messageCircle from '@tabler/icons/outline/message-circle.svg?raw';
import needleThread from '@tabler/icons/outline/needle-thread.svg?raw';
import parking from '@tabler/icons/outline/parking.svg?raw';
import pig from '@tabler/icons/outline/pig.svg?raw';
import plant2 from '@tabler/icons/outline/plant-2.svg?raw';
import ripple from '@tabler/icons/outline/ripple.svg?raw';
import road from '@tabler/icons/outline/road.svg?raw';
import school from '@tabler/icons/outline/school.svg?raw';
import scissors from '@tabler/icons/outline/scissors.svg?raw';
import shield from '@tabler/icons/outline/shield.svg?raw';
import shirt from '@tabler/icons/outline/shirt.svg?raw';
import speakerphone from '@tabler/icons/outline/speakerphone.svg?raw';
import tent from '@tabler/icons/outline/tent.svg?raw';
import tool from '@tabler/icons/outline/tool.svg?raw';
import toolsKitchen2 from '@tabler/icons/outline/tools-kitchen-2.svg?raw';
import trafficLights from '@tabler/icons/outline/traffic-lights.svg?raw';
import trash from '@tabler/icons/outline/trash.svg?raw';
import tree from '@tabler/icons/outline/tree.svg?raw';
import truck from '@tabler/icons/outline/truck.svg?raw';
import video from '@tabler/icons/outline/video.svg?raw';
import volume from '@tabler/icons/outline/volume.svg?raw';
import washMachine from '@tabler/icons/outline/wash-machine.svg?raw';
import type { Icon } from '../../server/registry/icon.ts';

/** The drawing of each icon: Tabler outline icons (MIT), a 24-unit square with strokes of 2. */
const drawings: Readonly<Record<Icon, string>> = {
  camera: video,
  gauge: droplet,
  siren: speakerphone,
  panic: handStop,
  complaint: messageCircle,
  lamp: bulb,
  signal: trafficLights,
  shop: buildingStore,
  hospital: medicalCross,
  shelter: tent,
  pin: mapPin,
  tree,
  quake: activity,
  warning: alertTriangle,
  unit: car,
  road,
  school,
  office: building,
  water: ripple,
  waste: trash,
  rain: cloudRain,
  lamp_off: bulbOff,
  food: toolsKitchen2,
  basket,
  clothes: shirt,
  craft: needleThread,
  farm: plant2,
  tobacco: leaf,
  coffee,
  fish,
  livestock: pig,
  tool,
  scissors,
  laundry: washMachine,
  furniture: armchair,
  truck,
  bed,
  briefcase,
  tap: droplets,
  parking,
  shield,
  noise: volume,
  health: heartbeat,
  id_card: id,
  social_aid: heartHandshake,
  permit: fileCertificate,
  levy: cashOff,
};

const paths = new Map<Icon, Path2D>();

/** The strokes of an icon in a 24-unit square. */
export function iconPath(icon: Icon): Path2D {
  let path = paths.get(icon);
  if (!path) {
    path = new Path2D();
    // The first path of a Tabler file is an empty frame (`stroke="none"`).
    for (const [, data] of drawings[icon].matchAll(/<path d="([^"]+)"/g)) path.addPath(new Path2D(data));
    paths.set(icon, path);
  }
  return path;
}
